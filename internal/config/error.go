package config

import (
	"fmt"
	"strings"
)

// Error lists all that is wrong with an environment.
type Error struct {
	Problems []Problem // at least one, in the order the variables were read
}

// Problem is what is wrong with one variable. It never holds a secret.
type Problem struct {
	Variable string // TABLE_NAME
	Wrong    string // "is not set"
	Expected string // "the name of the DynamoDB table"
}

// Error gives each problem a line of its own.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "config: the environment has %d mistake(s):", len(e.Problems))
	for _, p := range e.Problems {
		fmt.Fprintf(&b, "\n  %s %s; expected: %s", p.Variable, p.Wrong, p.Expected)
	}
	return b.String()
}
