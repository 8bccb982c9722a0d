package report_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/report"
)

func month(n int) time.Time { return time.Date(2026, time.Month(n), 1, 0, 0, 0, 0, time.UTC) }

// later is when nobody can answer anything any more.
var later = month(1).AddDate(2, 0, 0)

// half is the first half of the year.
var half = report.Query{From: month(1), To: month(7)}

func value(t testing.TB, all []report.Value, name string) report.Value {
	t.Helper()
	i := slices.IndexFunc(all, func(v report.Value) bool { return v.Name == name })
	if i < 0 {
		t.Fatalf("there is no %s", name)
	}
	return all[i]
}

// met are so many sessions of one month, each as how makes it.
func met(n, of int, how func(i int, f *mentoring.BookingFact)) (all []mentoring.BookingFact) {
	for i := range n {
		f := mentoring.BookingFact{
			StartsAt: month(of).AddDate(0, 0, i%28), Topic: "finance", Format: mentoring.OneToOne, Direction: mentoring.Standard,
			Affiliation: mentoring.Outside, Status: mentoring.Completed, Confirmed: true, Attendance: mentoring.Unknown, Expert: "per_a",
		}
		if how != nil {
			how(i, &f)
		}
		all = append(all, f)
	}
	return all
}

// Each figure counts what it says, of those it is about.
func TestFigures(t *testing.T) {
	facts := met(10, 1, func(i int, f *mentoring.BookingFact) {
		f.Expert = mentoring.PersonID(fmt.Sprint("per_", i%4))
		f.RequesterAnswered, f.ExpertAnswered = i < 8, i < 6
		if i < 8 {
			f.Attainment, f.Useful = new(i%5), new(1+i%5)
		}
		f.InTouch, f.Answer, f.AnswerMinutes = i < 3, mentoring.StepApproved, 10*(i+1)
		f.Tasks, f.TasksDone = 2, i%2
		if i == 9 {
			f.Attendance = mentoring.RequesterAbsent
		}
		if i == 8 {
			f.Attendance = mentoring.Contested
		}
		if i < 2 {
			f.Direction, f.Format, f.Affiliation = mentoring.Reverse, mentoring.Circle, mentoring.SameTeam
		}
		if i < 7 {
			f.Closure, f.Recommend = mentoring.Debriefed, new(i+2)
		}
	})
	facts = append(facts, met(5, 1, func(i int, f *mentoring.BookingFact) {
		f.Status, f.Answer, f.AnswerMinutes = mentoring.Declined, mentoring.StepDeclined, 1000
		if f.Confirmed = i < 2; f.Confirmed {
			f.Status, f.Answer, f.LateBy = mentoring.Cancelled, "", mentoring.Expert
		}
		if i == 4 {
			f.Status, f.Answer = mentoring.Expired, mentoring.StepExpired
		}
	})...)
	var slots []mentoring.SlotFact
	for i := range 8 {
		status := mentoring.SlotCompleted
		if i == 7 {
			status = mentoring.SlotCancelled
		}
		slots = append(slots, mentoring.SlotFact{StartsAt: month(1), Topic: "finance", Capacity: 2, Filled: i % 3, Status: status})
	}
	r := report.Make(half, later, slots, facts)
	for name, want := range map[string][2]float64{ // value and cases
		"slots_published": {8, 8}, "fill_rate": {6.0 / 14, 7}, "bookings": {15, 15}, "requests": {13, 13}, "answer_time": {65, 12},
		"acceptance_rate": {10.0 / 12, 12}, "expiry_rate": {1.0 / 13, 13}, "held": {8, 8},
		"requester_no_show_rate": {.1, 10}, "expert_no_show_rate": {0, 10}, "late_cancel_rate": {2.0 / 12, 12},
		"requester_response_rate": {.8, 10}, "expert_response_rate": {.6, 10}, "attainment_mean": {13.0 / 8, 8},
		"attainment_mostly_share": {2.0 / 8, 8}, "useful_top_two_share": {2.0 / 8, 8}, "recommend_mean": {5, 7},
		"actions_done_share": {.25, 10}, "stay_in_touch_rate": {.5, 6}, "debriefed_share": {.7, 10},
		"outside_share": {6.0 / 8, 8}, "reverse_share": {.25, 8}, "peer_share": {0, 8}, "circle_share": {.25, 8}, "concentration": {.25, 8},
	} {
		v := value(t, r.Figures, name)
		if v.Value == nil || math.Abs(*v.Value-want[0]) > 1e-9 || float64(v.N) != want[1] || v.Withheld {
			t.Errorf("%s is %+v (%v), want %v", name, v, deref(v.Value), want)
		}
	}
	if len(r.Figures) != 25 {
		t.Errorf("%d figures, and this looks at 25", len(r.Figures))
	}
}

func deref(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}

// A month with few cases is withheld, alone and in what is longer, which says so.
func TestFewCasesAreWithheld(t *testing.T) {
	facts := append(met(4, 1, nil), met(6, 2, nil)...)
	r := report.Make(half, later, nil, facts)
	if v := value(t, r.Figures, "held"); v.N != 6 || !cmp.Equal(v.LeftOut, []time.Time{month(1)}) || v.Withheld {
		t.Errorf("the period: %+v", v)
	}
	if v := value(t, r.Months[0].Figures, "held"); v.Value != nil || v.N != 0 || !v.Withheld {
		t.Errorf("January: %+v", v)
	}
	if v := value(t, report.Make(half, later, nil, met(4, 1, nil)).Figures, "held"); !v.Withheld || v.Value != nil {
		t.Errorf("January alone: %+v", v)
	}
	if v := value(t, r.Months[3].Figures, "held"); v.Withheld || v.N != 0 || v.Value != nil {
		t.Errorf("April, when nothing was: %+v", v)
	}
}

// What people answered counts once nobody of the month can change an answer: what was answered from one day to the next cannot
// be told from two reports.
func TestAnswersComeTogether(t *testing.T) {
	facts := met(6, 1, func(_ int, f *mentoring.BookingFact) { f.Useful, f.Recommend = new(5), new(9) })
	for name, days := range map[string]int{"useful_top_two_share": 15, "recommend_mean": 45} {
		for _, at := range []time.Time{month(2).AddDate(0, 0, days).Add(-1), month(2).AddDate(0, 0, days)} {
			final := !at.Before(month(2).AddDate(0, 0, days))
			if v := value(t, report.Make(half, at, nil, facts).Figures, name); v.Withheld == final || (v.Value != nil) != final {
				t.Errorf("%s at %v: %+v", name, at, v)
			}
		}
	}
	if v := value(t, report.Make(half, month(1), nil, facts).Figures, "held"); v.N != 6 {
		t.Errorf("counts are there at once: %+v", v)
	}
}

// A withheld cohort cannot be had from the sum: one more is withheld with it.
func TestNoSubtraction(t *testing.T) {
	facts := met(23, 1, func(i int, f *mentoring.BookingFact) {
		f.Cohort = []string{"spring", "autumn", "summer"}[min(i/10, 2)]
	})
	shown := func(cohort string) bool {
		q := half
		q.Cohort = cohort
		return !value(t, report.Make(q, later, nil, facts).Months[0].Figures, "held").Withheld
	}
	if !shown("") || shown("summer") || shown("autumn") == shown("spring") {
		t.Errorf("all %v, summer (3) %v, autumn (10) %v, spring (10) %v", shown(""), shown("summer"), shown("autumn"), shown("spring"))
	}
}

// small is a world of few people, and all that can be asked of it.
type small struct {
	facts   []mentoring.BookingFact
	cohorts []string
	topics  []string
}

func smallWorld(t *rapid.T) small {
	w := small{cohorts: []string{"a", "b", "c"}, topics: []string{"x", "y"}}
	for range rapid.IntRange(0, 60).Draw(t, "facts") {
		w.facts = append(w.facts, met(1, rapid.IntRange(1, 3).Draw(t, "month"), func(_ int, f *mentoring.BookingFact) {
			f.Cohort = rapid.SampledFrom([]string{"a", "a", "a", "b", "b", "c", ""}).Draw(t, "cohort")
			f.Topic = rapid.SampledFrom([]string{"x", "x", "y"}).Draw(t, "topic")
			if rapid.Bool().Draw(t, "answered") {
				f.Useful = new(rapid.IntRange(1, 5).Draw(t, "useful"))
			}
		})...)
	}
	return w
}

// set are the facts a published number is about, by their places.
type set map[int]bool

// answers are all numbers that are ever published of a world for one figure: of every choice and every period, with what each
// is about.
func (w small) answers(name string, counts func(mentoring.BookingFact) bool) (all []published) {
	for from := 1; from <= 3; from++ {
		for to := from + 1; to <= 4; to++ {
			for _, cohort := range append(w.cohorts, "") {
				for _, topic := range append(w.topics, "") {
					r := report.Make(report.Query{From: month(from), To: month(to), Cohort: cohort, Topic: topic}, later, nil, w.facts)
					v := r.Figures[slices.IndexFunc(r.Figures, func(v report.Value) bool { return v.Name == name })]
					if v.Value == nil {
						continue
					}
					about := set{}
					for i, f := range w.facts {
						in := !f.StartsAt.Before(month(from)) && f.StartsAt.Before(month(to)) && !slices.Contains(v.LeftOut, firstOf(f.StartsAt))
						if in && counts(f) && (cohort == "" || cohort == f.Cohort) && (topic == "" || topic == f.Topic) {
							about[i] = true
						}
					}
					if len(about) != v.N {
						panic(fmt.Sprintf("%d cases, and %d are said to be", len(about), v.N))
					}
					all = append(all, published{from, to, cohort, topic, about})
				}
			}
		}
	}
	return all
}

func firstOf(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) }

// minus is what is left of a set when others within it are taken away; ok is false where they are not within it, or overlap.
func (s set) minus(others ...set) (left set, ok bool) {
	left = set{}
	for i := range s {
		left[i] = true
	}
	for _, other := range others {
		for i := range other {
			if !left[i] {
				return nil, false
			}
			delete(left, i)
		}
	}
	return left, true
}

// published is a number that was published: of which choice and period, and what it is about.
type published struct {
	from, to      int
	cohort, topic string
	about         set
}

// attack looks for a few cases that are what two published numbers differ by, or what is left of one when all cohorts of it
// are taken away, or all topics.
func attack(all []published) (found set) {
	few := func(s set, ok bool) bool { return ok && len(s) > 0 && len(s) < 5 }
	for _, whole := range all {
		var cohorts, topics []set
		for _, part := range all {
			if rest, ok := whole.about.minus(part.about); few(rest, ok) {
				return rest
			}
			if part.from != whole.from || part.to != whole.to {
				continue
			}
			if whole.cohort == "" && part.cohort != "" && part.topic == whole.topic {
				cohorts = append(cohorts, part.about)
			}
			if whole.topic == "" && part.topic != "" && part.cohort == whole.cohort {
				topics = append(topics, part.about)
			}
		}
		for _, parts := range [][]set{cohorts, topics} {
			if rest, ok := whole.about.minus(parts...); few(rest, ok) {
				return rest
			}
		}
	}
	return nil
}

// Whoever has all reports there are, of every period, cohort and topic, cannot tell what few people answered by taking one
// number from another, or all parts from their sum.
func TestNothingCanBeSubtracted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := smallWorld(t)
		for name, counts := range map[string]func(mentoring.BookingFact) bool{
			"held":                 func(mentoring.BookingFact) bool { return true },
			"useful_top_two_share": func(f mentoring.BookingFact) bool { return f.Useful != nil },
		} {
			if found := attack(w.answers(name, counts)); found != nil {
				t.Fatalf("%s: %d cases are what reports differ by: %v", name, len(found), found)
			}
		}
	})
}

// The control: where cells below five alone are withheld, the same attack finds some.
func TestFewAloneCanBeSubtracted(t *testing.T) {
	worlds := rapid.Custom(smallWorld)
	for seed := range 200 {
		w := worlds.Example(seed)
		var all []published
		for _, cohort := range append(w.cohorts, "") {
			about := set{}
			for i, f := range w.facts {
				if f.StartsAt.Before(month(2)) && (cohort == "" || cohort == f.Cohort) {
					about[i] = true
				}
			}
			if len(about) >= 5 {
				all = append(all, published{1, 2, cohort, "", about})
			}
		}
		if attack(all) != nil {
			return
		}
	}
	t.Error("nothing is found: the test above shows nothing")
}

// A report of the whole is what a slow count of its facts says, whatever their order.
func TestRecount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := smallWorld(t)
		shuffled := rapid.Permutation(w.facts).Draw(t, "order")
		r := report.Make(report.Query{From: month(1), To: month(4)}, later, nil, shuffled)
		sum, n := 0, 0
		for m := 1; m <= 3; m++ {
			good, answered := 0, 0
			for _, f := range w.facts {
				if firstOf(f.StartsAt).Equal(month(m)) && f.Useful != nil {
					answered++
					if *f.Useful >= 4 {
						good++
					}
				}
			}
			if answered >= 5 {
				sum, n = sum+good, n+answered
			}
		}
		v := r.Figures[slices.IndexFunc(r.Figures, func(v report.Value) bool { return v.Name == "useful_top_two_share" })]
		if v.N != n || n > 0 && math.Abs(*v.Value-float64(sum)/float64(n)) > 1e-9 {
			t.Fatalf("%+v, want %d of %d", v, sum, n)
		}
	})
}

func TestQueryFaults(t *testing.T) {
	for name, c := range map[string]struct {
		q    report.Query
		want int
	}{
		"a month":          {report.Query{From: month(1), To: month(2)}, 0},
		"two years":        {report.Query{From: month(1), To: month(1).AddDate(2, 0, 0)}, 0},
		"more":             {report.Query{From: month(1), To: month(2).AddDate(2, 0, 0)}, 1},
		"none":             {report.Query{From: month(2), To: month(2)}, 1},
		"days":             {report.Query{From: month(1).AddDate(0, 0, 1), To: month(3).AddDate(0, 0, 4)}, 2},
		"another midnight": {report.Query{From: month(1).Add(time.Hour), To: month(3)}, 1},
	} {
		if got := c.q.Faults(); len(got) != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A spreadsheet finds no formula in it, and every line has all columns.
func TestCSV(t *testing.T) {
	for cohort, want := range map[string]string{
		"spring": "spring", "=HYPERLINK(1)": "'=HYPERLINK(1)", "+1": "'+1", "-1": "'-1", "@x": "'@x", "＝1": "'＝1", "a,\"b\"\nc": `a,"b" c`, "\t=1": "'=1",
		"a;=1": "a;'=1", "a; +1;-2": "a; '+1;'-2", "a=1": "a=1", "a,\"=1": "a,\"'=1", ";": ";",
	} {
		q := half
		q.Cohort = cohort
		var b bytes.Buffer
		if err := report.WriteCSV(&b, report.Make(q, later, nil, met(6, 1, func(_ int, f *mentoring.BookingFact) { f.Cohort = cohort }))); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(lines) != 1+25*7 {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		if got := lines[1][2]; got != want {
			t.Errorf("%q is %q, want %q", cohort, got, want)
		}
		held := lines[slices.IndexFunc(lines, func(l []string) bool { return l[4] == "held" })]
		if diff := cmp.Diff([]string{"2026-01-01", "2026-07-01", want, "", "held", "count", "6", "6", "false"}, held); diff != "" {
			t.Errorf("held (-want +got):\n%s", diff)
		}
	}
}

// proof.md S4: whatever somebody calls a cohort or a topic, and whichever sign a spreadsheet takes for the border of cells, no
// cell is a formula.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"spring", "=1", "a;=1", "\t-1", "\"=1", "a,b", "\u202e=1", "＝1", " =1", "'=1", "a\r\n=1", "a\x00;\x00=1", ";;=1", "\xff=1"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, cohort, topic string) {
		q := half
		q.Cohort, q.Topic = cohort, topic
		var b bytes.Buffer
		if err := report.WriteCSV(&b, report.Make(q, later, nil, nil)); err != nil {
			t.Fatal(err)
		}
		for _, border := range ",;\t" {
			in := csv.NewReader(bytes.NewReader(b.Bytes()))
			in.Comma, in.FieldsPerRecord, in.LazyQuotes = border, -1, true
			lines, err := in.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, cell := range slices.Concat(lines...) {
				if r, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell, " ")); r != utf8.RuneError && strings.ContainsRune("=+-@|%＝＋－＠", r) {
					t.Errorf("%q and %q make the cell %q", cohort, topic, cell)
				}
			}
			if border == ',' && (len(lines) != 1+25*7 || len(lines[1]) != 9) {
				t.Errorf("%q and %q make %d lines", cohort, topic, len(lines))
			}
		}
	})
}

func BenchmarkReport(b *testing.B) {
	facts := met(100_000, 1, func(i int, f *mentoring.BookingFact) {
		f.Cohort, f.Topic, f.Useful = fmt.Sprint(i%5), fmt.Sprint(i%20), new(i%5+1)
		f.StartsAt = month(1 + i%6)
	})
	for b.Loop() {
		report.Make(half, later, nil, facts)
	}
}
