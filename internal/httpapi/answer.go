package httpapi

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// answer is what an endpoint answers when it does not refuse.
type answer struct {
	status   int
	body     any
	etag     string // of a resource with a version
	location string // of what was made
}

func found(body any) answer { return answer{status: http.StatusOK, body: body} }

func versioned(body any, version int64) answer {
	return answer{status: http.StatusOK, body: body, etag: etag(version)}
}

func made(body any, version int64, location string) answer {
	return answer{status: http.StatusCreated, body: body, etag: etag(version), location: location}
}

func (a answer) write(w http.ResponseWriter) {
	if a.etag != "" {
		w.Header().Set("ETag", a.etag)
	}
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	writeJSON(w, "application/json", a.status, a.body)
}

func writeJSON(w http.ResponseWriter, contentType string, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic("httpapi: an answer is not JSON: " + err.Error()) // our own types always are
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)+1))
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // whoever is gone cannot be told
}

// utc is a time as clients get it, or empty for none.
func utc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// list makes an empty list of none: clients always find one.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
