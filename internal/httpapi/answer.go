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
	// file is what the answer is in place of body, where that is no JSON.
	file        []byte
	contentType string
	fileName    string
}

// file is an answer to keep: what programs save, they save under its name.
func file(contentType, name string, text []byte) answer {
	return answer{status: http.StatusOK, file: text, contentType: contentType, fileName: name}
}

func found(body any) answer { return answer{status: http.StatusOK, body: body} }

func versioned(body any, version int64) answer {
	return answer{status: http.StatusOK, body: body, etag: etag(version)}
}

func made(body any, version int64, location string) answer {
	return answer{status: http.StatusCreated, body: body, etag: etag(version), location: location}
}

// done says that it is as asked, and nothing more.
func done() answer { return answer{status: http.StatusNoContent} }

func (a answer) write(w http.ResponseWriter) {
	if a.etag != "" {
		w.Header().Set("ETag", a.etag)
	}
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	switch {
	case a.status == http.StatusNoContent:
		w.WriteHeader(a.status)
		return
	case a.file != nil:
		w.Header().Set("Content-Disposition", `attachment; filename="`+a.fileName+`"`)
		writeText(w, a.contentType, a.status, a.file)
		return
	}
	writeJSON(w, "application/json", a.status, a.body)
}

func writeJSON(w http.ResponseWriter, contentType string, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic("httpapi: an answer is not JSON: " + err.Error()) // our own types always are
	}
	writeText(w, contentType, status, append(text, '\n'))
}

func writeText(w http.ResponseWriter, contentType string, status int, text []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // whoever is gone cannot be told
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
