package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/template"
)

//go:embed scale.md.tmpl
var words string

// line is a line of the bill.
type line struct {
	What, Amount, Price string
	Dollars             float64
}

const month = 30

// bill is what a month costs at list prices.
func (d *day) bill() []line {
	per := func(what string, daily float64, unit string, price float64, each string) line {
		return line{what, millions(daily*month) + " " + unit, fmt.Sprintf("$%v a %s", price, each), daily * month * price}
	}
	const gigabyteSecond = 0.0000133334
	lambda := func(what string, gigabytes, secondsDaily float64) line {
		gbs := gigabytes * secondsDaily * month // millions
		return line{what, millions(gbs) + " GB-seconds", fmt.Sprintf("$%v a million", math.Round(gigabyteSecond*1e6*100)/100), gbs * 1e6 * gigabyteSecond}
	}
	jobSeconds := sum(d.Jobs, func(u use) float64 { return float64(u.Rounds) * jobCall / workers })
	mail := per("SES, mails", sum(d.Events, mails), "mails", 100, "million")
	return []line{
		per("DynamoDB, writes", sum(d.all(), wcu), "units", .625, "million"),
		per("DynamoDB, reads", sum(d.all(), rcu), "units", .125, "million"),
		per("API Gateway, HTTP API", sum(d.Requests, once), "requests", 1, "million"),
		per("Lambda, requests", sum(d.Requests, once)+sum(d.Events, once), "requests", .2, "million"),
		lambda("Lambda, the API", .5, sum(d.Requests, seconds)),
		lambda("Lambda, the mailer", .25, sum(d.Events, telling)/together),
		lambda("Lambda, the clock", 1769./1024, jobSeconds),
		mail,
	}
}

// write writes the document.
func (d *day) write(to io.Writer) error {
	bill, total, mailShare := d.bill(), 0., 0.
	for _, l := range bill {
		total += l.Dollars
	}
	mailShare = bill[len(bill)-1].Dollars / total
	limits := d.limits()
	var below []limit
	for _, l := range limits {
		if l.TimesTurned() < 10 {
			below = append(below, l)
		}
	}
	slices.SortFunc(below, func(a, b limit) int { return cmp.Compare(a.TimesTurned(), b.TimesTurned()) })
	t, err := template.New("").Funcs(template.FuncMap{
		"whole": whole, "millions": millions, "two": two,
		"sum": func(a, b float64) float64 { return a + b }, "ms": func(s float64) string { return fmt.Sprintf("%v ms", s*1000) },
		"percent": func(n float64) string { return fmt.Sprintf("%.0f %%", n*100) }, "cents": func(n float64) string { return fmt.Sprintf("%.0f", n*100) },
	}).Parse(words)
	if err != nil {
		return err
	}
	return t.Execute(to, map[string]any{
		"Day": d, "Busiest": busiest, "Read": read, "Commit": commit, "Mail": mail,
		"Requests": sum(d.Requests, once), "RequestsRPS": perSecond(sum(d.Requests, once)),
		"RCU": sum(d.all(), rcu), "RCUSecond": perSecond(sum(d.all(), rcu)), "WCU": sum(d.all(), wcu), "WCUSecond": perSecond(sum(d.all(), wcu)),
		"UnderWay": perSecond(sum(d.Requests, seconds)), "Mails": sum(d.Events, mails), "MailsSecond": perSecond(sum(d.Events, mails)),
		"Limits": limits, "Below": below,
		"Bill": bill, "Total": total, "PerThousand": total / month / 1000, "MailShare": mailShare,
	})
}

// whole is a number without what follows the point, with its thousands apart.
func whole(n float64) string {
	text := strconv.FormatFloat(math.Round(n), 'f', 0, 64)
	var groups []string
	for ; len(text) > 3; text = text[:len(text)-3] {
		groups = append([]string{text[len(text)-3:]}, groups...)
	}
	return strings.Join(append([]string{text}, groups...), ",")
}

// millions is a number of millions.
func millions(n float64) string {
	if n >= 10 {
		return whole(n) + " M"
	}
	return strconv.FormatFloat(math.Round(n*100)/100, 'f', -1, 64) + " M"
}

// two is a number of two digits, or of as many as are before its point.
func two(n float64) string {
	if n >= 10 {
		return whole(n)
	}
	return fmt.Sprintf("%.2g", n)
}
