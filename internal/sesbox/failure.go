package sesbox

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
)

// Failure is a way to fail: one of those below, or the code of any other error of AWS, which is then
// answered with status 400.
type Failure string

const (
	None      Failure = ""
	LostReply Failure = "lost reply" // takes the message and closes the connection without an answer

	// Errors of SendEmail (Amazon SES API v2 reference).
	Rejected   Failure = "MessageRejected"
	BadRequest Failure = "BadRequestException"
	NotFound   Failure = "NotFoundException"
	Unverified Failure = "MailFromDomainNotVerifiedException"
	Paused     Failure = "SendingPausedException"
	Suspended  Failure = "AccountSuspendedException"
	Limited    Failure = "LimitExceededException"
	TooMany    Failure = "TooManyRequestsException"

	// Errors of every service of AWS.
	Throttling  Failure = "ThrottlingException"
	Denied      Failure = "AccessDeniedException"
	Internal    Failure = "InternalFailure"
	Unavailable Failure = "ServiceUnavailable"

	unknownOperation Failure = "UnknownOperationException"
)

var statuses = map[Failure]int{
	NotFound: http.StatusNotFound, unknownOperation: http.StatusNotFound,
	TooMany: http.StatusTooManyRequests, Denied: http.StatusForbidden,
	Internal: http.StatusInternalServerError, Unavailable: http.StatusServiceUnavailable,
}

// refuse answers with an error as the AWS REST-JSON protocol has it: the code in a header, the words in the
// body.
func refuse(w http.ResponseWriter, code Failure, message string) {
	status, known := statuses[code]
	if !known {
		status = http.StatusBadRequest
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-ErrorType", string(code))
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"message": message})
}

// Some lets a part of all requests fail, from 0 to 1, each time in one of the given ways. The same seed fails the same
// requests.
func Some(part float64, seed uint64, ways ...Failure) func(n int) Failure {
	return func(n int) Failure {
		lots := rand.New(rand.NewPCG(seed, uint64(n)))
		if lots.Float64() >= part {
			return None
		}
		return ways[lots.IntN(len(ways))]
	}
}
