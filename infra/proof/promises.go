package main

import (
	"fmt"
	"os"
	"strings"
)

// promise is a row of the table: what is promised, and the tests that show it in their full form.
type promise struct {
	id   string
	what string
	// env are the variables that make the tests do all they can, not only the short form that go test does.
	env []string
	// run and packages are of go test: tests whose names match, in these packages.
	run      string
	packages []string
	// fuzz has each fuzz target of the packages look for inputs as well, for as long as FUZZTIME says.
	fuzz bool
}

// command is what anybody can type to see the same.
func (p promise) command() string {
	if p.fuzz {
		return p.env[0] + " go run ./infra/proof " + p.id
	}
	parts := append([]string{}, p.env...)
	parts = append(parts, "go test")
	if p.run != "" {
		parts = append(parts, "-run", "'"+p.run+"'")
	}
	return strings.Join(append(append(parts, "-v"), p.packages...), " ")
}

// from is a variable of the environment, or what it is by default.
func from(variable, otherwise string) string {
	if value := os.Getenv(variable); value != "" {
		otherwise = value
	}
	return fmt.Sprintf("%s=%s", variable, otherwise)
}

// promises are those of reliability, R, and of security and privacy, S; SIM is all of R at once, from seeds.
func promises() []promise {
	return []promise{
		{"SIM", "nothing goes wrong when everything does", []string{from("SEEDS", "5000"), from("FROM", "0")}, "Seeds|SameSeed|Missing",
			[]string{"./internal/simulation"}, false},
		{"R1", "a seat is never sold twice", []string{"RUSHES=100"}, "SeatIs", []string{"./internal/desk"}, false},
		{"R2", "every answer fits one order of events", []string{"OPERATIONS=50000", "CONTROLS=10"}, "EveryAnswer|WithoutVersionsAnswers",
			[]string{"./internal/desk/modeltest"}, false},
		{"R3", "no sequence breaks a rule", []string{"RAPID_CHECKS=5000"}, "NoSequence", []string{"./internal/desk/modeltest"}, false},
		{"R4", "retrying is safe", nil, "OneKey|KilledAfterTheCommit|LostReply|FiftyAtOnce", []string{"./internal/desk", "./internal/httpapi"}, false},
		{"R5", "state and message commit together", nil, "Killed", []string{"./internal/dispatch"}, false},
		{"R6", "no mail is lost, and copies are bounded", []string{"DELIVERIES=10000"}, "NoMailIsLost|MailIsLostWithoutCare", []string{"./internal/dispatch"}, false},
		{"R7", "mail never contradicts the state", []string{"CONTRADICTIONS=1000"}, "Contradicts", []string{"./internal/mentoring"}, false},
		{"R8", "reminders once, and on time", nil, "Reminders$|EverybodyIsToldOnce|MailServiceDown|AfterASession",
			[]string{"./internal/mentoring", "./internal/dispatch", "./infra/local/cloud"}, false},
		{"R9", "nothing poisons the pipeline", []string{"RECORDS=1000"}, "Poison", []string{"./internal/dispatch"}, false},
		{"R10", "everybody is shown the same instant", []string{"ZONES=all"}, "Shown|EveryLetterShowsTheTime", []string{"./internal/mail"}, false},
		{"S1", "nobody reaches another's data", nil, "EveryRouteForEverybody|Blocked|DoNotTell", []string{"./internal/httpapi"}, false},
		{"S2", "tokens cannot be confused", nil, "Hostile|EveryBit|KeysAreTaken", []string{"./internal/identity"}, false},
		{"S3", "links are inert and unforgeable", nil, "FlippedBit|OtherPurpose|PartsOfTwo|Keys|Inert|PostsAreCounted", []string{"./internal/links", "./internal/pages"}, false},
		{"S4", "no input crashes or injects", []string{from("FUZZTIME", "30s")}, "Hostile|^Fuzz", []string{
			"./internal/calendar", "./internal/httpapi", "./internal/identity", "./internal/lambdahttp", "./internal/links", "./internal/mail",
			"./internal/mailevents", "./internal/pages", "./internal/plaintext", "./internal/strictjson",
		}, true},
		{"S5", "logs hold no personal data", nil, "LogsHold|LogHolds|NoAddressInTheLog|FatesAreCounted", []string{"./internal/httpapi", "./internal/pages", "./internal/dispatch"}, false},
		{"S6", "erasure erases", nil, "Erasure|ErasedAndBack", []string{"./internal/dispatch"}, false},
	}
}
