// Package telemetry writes one structured log line per invocation: what was asked for, how it ended, and how long it
// took.
//
//	ctx, line := telemetry.Begin(r.Context(), logger, metrics, "request", started)
//	telemetry.Add(ctx, telemetry.RequestID(id), telemetry.Route("GET /v1/slots/{slotId}"))  // here, or anywhere below
//	line.EndRequest(ended, http.StatusConflict, "slot_full")
//
// gives
//
//	{"timestamp":"2026-05-04T15:00:00.012Z","level":"INFO","message":"request","invocationId":"8f1c…","traceId":"1-…",
//	 "version":"7","build":"v1.2.0-3-g1a2b3c4","coldStart":true,"requestId":"ATfSmjLg","method":"GET",
//	 "route":"GET /v1/slots/{slotId}","status":409,"code":"slot_full","rounds":1,"rcu":3,"wcu":0,"conflicts":0,"retries":0,"storageMs":4.2,"durationMs":12.4}
//
// rounds to storageMs are what was used of the table, as [table.Usage] says.
//
// # What must not be logged
//
// Logs are read by people who may not see what is in a booking (product.md section 8), and outlive the erasure of a
// person. So a line holds counts, codes and names of things this program gave them: the route's pattern and never the
// path, which has ids in it; never a body, a header, a token, a text, a name or an address, nor the text of an error, which
// may quote any of them (see [Cause]).
//
// Nothing here asks for the time: it is passed in.
package telemetry

import (
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"flashmentoring/internal/table"
)

// NewLogger returns a logger that writes JSON, one object a line, from level on. Its keys are those of Lambda's JSON log
// format, so that CloudWatch takes level and time from them (AWS Lambda Developer Guide, "Log-level filtering"): the
// time is "timestamp", in UTC, and the text "message".
func NewLogger(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: lambdaKeys}))
}

func lambdaKeys(groups []string, attr slog.Attr) slog.Attr {
	if len(groups) > 0 {
		return attr
	}
	switch attr.Key {
	case slog.TimeKey:
		if attr.Value.Kind() == slog.KindTime {
			return slog.Time("timestamp", attr.Value.Time().UTC())
		}
	case slog.MessageKey:
		attr.Key = "message"
	}
	return attr
}

// RequestID is the gateway's id of a request, which the client has too.
func RequestID(id string) slog.Attr { return slog.String("requestId", id) }

// methods are those a line names. A method is the client's word.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// Method is the method of a request, "other" where it is none of HTTP's usual ones.
func Method(method string) slog.Attr {
	if !slices.Contains(methods, method) {
		method = "other"
	}
	return slog.String("method", method)
}

// Route is the pattern a request matched, such as "GET /v1/slots/{slotId}".
func Route(pattern string) slog.Attr { return slog.String("route", pattern) }

func status(code int) slog.Attr { return slog.Int("status", code) }

func errorCode(code string) slog.Attr { return slog.String("code", code) }

func usage(u table.Usage) []slog.Attr {
	return []slog.Attr{
		slog.Int("rounds", u.Rounds), slog.Float64("rcu", u.RCU), slog.Float64("wcu", u.WCU),
		slog.Int("conflicts", u.Conflicts), slog.Int("retries", u.Retries), duration("storageMs", u.InStorage),
	}
}

func duration(key string, d time.Duration) slog.Attr {
	return slog.Float64(key, float64(d.Microseconds())/1000)
}
