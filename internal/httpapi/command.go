package httpapi

import (
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// faulty is a command of the domain, which knows what is wrong with it whatever the state.
type faulty interface{ Faults() []mentoring.Fault }

// How a body is read: one that must be there, and one that may say nothing.
var (
	wholeBody    = (*input).body
	optionalBody = (*input).optionalBody
)

// command reads a POST: read takes its body, and from makes the command of that. A refusal lists all that is wrong; without
// one, what the command's own rules say is left to the use case.
func command[B any, C faulty](c *call, read func(*input, any), from func(B, *input) C) (C, desk.Once, error) {
	in := c.read()
	in.query().end()
	var body B
	read(in, &body)
	once := in.once(c)
	cmd := from(body, in)
	return cmd, once, in.refusal(cmd.Faults)
}

// bare reads a POST that has nothing to say: its body may be left out, or have no fields.
func (c *call) bare() (desk.Once, error) {
	_, once, err := command(c, optionalBody, func(nothing struct{}, _ *input) noCommand { return nothing })
	return once, err
}

// noCommand says nothing, so nothing is wrong with it.
type noCommand struct{}

func (noCommand) Faults() []mentoring.Fault { return nil }
