package mentoring_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"flashmentoring/internal/mentoring"
)

// closedCodes is the list of product.md section 9, and what this package adds to it: nothing.
var closedCodes = strings.Fields(`
	malformed unknown_field invalid_field unsupported_media_type body_too_large unauthenticated email_not_verified
	forbidden not_found method_not_allowed profile_required ground_rules_not_accepted slot_full slot_closed
	slot_cancelled too_late_to_book
	too_late_to_cancel already_booked own_slot overlapping_session conflict_of_interest expert_paused expert_cap_reached
	active_limit_reached request_limit_reached reliability_cooldown suspended audience_mismatch mode_not_offered
	invalid_transition participants_unavailable version_conflict idempotency_key_reused idempotency_in_progress
	cursor_invalid
	survey_closed link_expired topic_deprecated rate_limited busy`)

func TestCodesAreOfTheClosedList(t *testing.T) {
	declared := declaredCodes(t)
	if len(declared) < 20 {
		t.Fatalf("found only %d codes in code.go", len(declared))
	}
	for i, code := range declared {
		if !slices.Contains(closedCodes, code) {
			t.Errorf("%s is not in product.md section 9", code)
		}
		if slices.Contains(declared[:i], code) {
			t.Errorf("%s is declared twice", code)
		}
	}
}

// declaredCodes are the values of all constants of type Code in code.go.
func declaredCodes(t *testing.T) (codes []string) {
	file, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "Code" {
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		}
		return false
	})
	return codes
}

func TestErrorsCompareByCode(t *testing.T) {
	err := fmt.Errorf("booking: %w", mentoring.Missing())
	if !errors.Is(err, &mentoring.Error{Code: mentoring.NotFound}) {
		t.Error("a refusal is not the same as another of its code")
	}
	if errors.Is(err, &mentoring.Error{Code: mentoring.SlotFull}) {
		t.Error("a refusal is the same as one of another code")
	}
	if errors.Is(mentoring.Missing(), errors.New("not_found")) {
		t.Error("a refusal is the same as something that is none")
	}
}

// The cause is for logs: Unwrap and Error show it, and Detail, which clients see, does not.
func TestUnavailableKeepsItsCauseInside(t *testing.T) {
	cause := errors.New("dial tcp 10.0.0.1: secret detail")
	err := mentoring.Unavailable(cause)
	if err.Code != mentoring.Busy {
		t.Errorf("code is %s", err.Code)
	}
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
	if !strings.Contains(err.Error(), cause.Error()) {
		t.Errorf("a log would not show the cause: %s", err)
	}
	if strings.Contains(err.Detail, "secret") || err.Detail == "" {
		t.Errorf("clients see: %q", err.Detail)
	}
}

func TestStaleNamesThePresentVersion(t *testing.T) {
	err := mentoring.Stale(41)
	if err.Code != mentoring.VersionConflict || !strings.Contains(err.Detail, "41") {
		t.Errorf("got %v", err)
	}
}

func TestErrorTextNamesTheCode(t *testing.T) {
	if got := mentoring.Missing().Error(); !strings.HasPrefix(got, "not_found: ") {
		t.Errorf("got %q", got)
	}
}
