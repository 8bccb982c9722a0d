package cloud

import (
	"testing"
	"time"
)

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		90 * time.Minute: "1 hour 30 minutes", 80 * time.Hour: "3 days 8 hours", 24*time.Hour + time.Second: "1 day 1 second",
		time.Millisecond: "less than a second",
	} {
		if got := span(d); got != want {
			t.Errorf("span(%v) = %q, want %q", d, got, want)
		}
	}
}
