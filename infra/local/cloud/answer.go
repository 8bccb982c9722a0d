package cloud

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"flashmentoring/internal/strictjson"
)

// The JSON of the local cloud's own addresses, below /_local. Mistakes are answered in the form of the API's problem
// documents, all at once.

// maxBody is more than any of these requests needs.
const maxBody = 64 << 10

type problem struct {
	Type   string  `json:"type"`
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Detail string  `json:"detail"`
	Errors []fault `json:"errors,omitempty"`
}

type fault struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

func answerJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.MarshalIndent(body, "", "  ")
	if err != nil {
		http.Error(w, "the answer cannot be written as JSON", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n'))
}

func answerProblem(w http.ResponseWriter, status int, detail string, faults ...fault) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	text, _ := json.MarshalIndent(problem{"about:blank", http.StatusText(status), status, detail, faults}, "", "  ")
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n'))
}

// readJSON reads the body of a request into a struct. When that is not possible, or check finds more that is wrong, it
// answers and returns false. A body without a content type is taken for JSON, so that `curl -d` needs no header.
func readJSON(w http.ResponseWriter, r *http.Request, into any, check func() []fault) bool {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && !jsonLike(media) {
		answerProblem(w, http.StatusUnsupportedMediaType, "Send JSON.")
		return false
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		answerProblem(w, http.StatusRequestEntityTooLarge, "The body has more than 64 KiB.")
		return false
	}
	if err != nil {
		answerProblem(w, http.StatusBadRequest, "The body could not be read.")
		return false
	}
	wrong, err := strictjson.Decode(text, into)
	if err != nil {
		answerProblem(w, http.StatusBadRequest, "The body is not JSON: "+err.Error()+".")
		return false
	}
	faults := []fault{}
	for _, f := range wrong {
		faults = append(faults, fault{f.Pointer, f.Code, sentence(f.Detail)})
	}
	for _, f := range check() {
		if !names(faults, f.Pointer) {
			faults = append(faults, f)
		}
	}
	if len(faults) > 0 {
		answerProblem(w, http.StatusUnprocessableEntity, "Some fields break their rules; errors lists each.", faults...)
		return false
	}
	return true
}

// jsonLike: curl -d says that its data is a form.
func jsonLike(media string) bool {
	return media == "application/json" || media == "application/x-www-form-urlencoded"
}

// sentence makes one of what package strictjson says.
func sentence(words string) string {
	words = strings.ToUpper(words[:1]) + words[1:]
	if strings.HasSuffix(words, "?") {
		return words
	}
	return words + "."
}

func names(faults []fault, pointer string) bool {
	for _, f := range faults {
		if f.Pointer == pointer {
			return true
		}
	}
	return false
}
