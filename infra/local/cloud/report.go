package cloud

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The report page draws the main figures of the programme's report, as a coordinator gets them from the API.

// programmeReport is what the page shows of a report.
type programmeReport struct {
	From    string         `json:"from"`
	To      string         `json:"to"`
	Figures []reportFigure `json:"figures"`
	Months  []struct {
		Begins  string         `json:"begins"`
		Figures []reportFigure `json:"figures"`
	} `json:"months"`
}

type reportFigure struct {
	Name     string   `json:"name"`
	Unit     string   `json:"unit"`
	Value    *float64 `json:"value"`
	N        int      `json:"n"`
	Withheld bool     `json:"withheld"`
}

// Label is the name for people to read.
func (f reportFigure) Label() string { return strings.ReplaceAll(f.Name, "_", " ") }

// Shown is the value for people to read.
func (f reportFigure) Shown() string {
	switch {
	case f.Withheld:
		return "withheld"
	case f.Value == nil:
		return "no case"
	case f.Unit == "share":
		return strconv.Itoa(int(*f.Value*100+.5)) + " %"
	case f.Unit == "count":
		return strconv.Itoa(int(*f.Value))
	case f.Unit == "minutes":
		return strconv.Itoa(int(*f.Value)) + " min"
	}
	return strconv.FormatFloat(*f.Value, 'f', 1, 64)
}

// Width is how long the bar of a share is, of 100; -1 where there is none to draw.
func (f reportFigure) Width() string {
	if f.Unit != "share" || f.Value == nil {
		return ""
	}
	return fmt.Sprintf("%.1f", *f.Value*100)
}

// column is one month of a chart.
type column struct {
	Month        string
	Value        string
	X, Y, Height float64
}

const chartHeight, columnWidth = 100.0, 48.0

// Held are the sessions held in each month, as columns.
func (r programmeReport) Held() (all []column) {
	most, heights := 1.0, make([]float64, len(r.Months))
	for i, m := range r.Months {
		for _, f := range m.Figures {
			if f.Name == "held" && f.Value != nil {
				heights[i] = *f.Value
				most = max(most, *f.Value)
			}
		}
	}
	for i, m := range r.Months {
		height := heights[i] / most * chartHeight
		all = append(all, column{m.Begins[:7], strconv.Itoa(int(heights[i])), float64(i) * columnWidth, chartHeight - height + 16, height})
	}
	return all
}

// Width is how wide the chart is.
func (r programmeReport) Width() float64 { return columnWidth * float64(len(r.Months)) }

func (c *Cloud) getReport(w http.ResponseWriter, r *http.Request) {
	coordinator, _ := seeds.known("dana")
	now := c.Now().UTC()
	since := time.Date(now.Year(), now.Month()-5, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	var made programmeReport
	if err := c.as(coordinator.Person, r.Context(), http.MethodGet, "/v1/reports/programme?from="+since, nil, &made); err != nil {
		c.renderNotDone(w, err)
		return
	}
	c.render(w, http.StatusOK, "report", struct {
		frame
		programmeReport
	}{c.frame("Report", "report"), made})
}
