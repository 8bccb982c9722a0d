package httpapi

import (
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// What comes after a session (product.md section 7), but for the surveys.

// attendanceBody is what is said of who came: together, and by the caller.
type attendanceBody struct {
	Result mentoring.Outcome `json:"result"`
	Yours  mentoring.Outcome `json:"yours,omitzero"`
}

// testimonyBody is the body of POST /v1/bookings/{bookingId}/attendance.
type testimonyBody struct {
	Outcome mentoring.Outcome `json:"outcome"`
}

func (b testimonyBody) testify(*input) mentoring.Testify { return mentoring.Testify(b) }

func (a *api) sayAttendance(c *call) (answer, error) {
	said, once, err := command(c, wholeBody, testimonyBody.testify)
	if err != nil {
		return answer{}, err
	}
	return c.bookingAnswer(a.Desk.SayAttendance(c.Context(), c.caller, c.booking(), said, once))
}

// retractAttendance is DELETE /v1/bookings/{bookingId}/attendance.
func (a *api) retractAttendance(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	return c.bookingAnswer(a.Desk.RetractAttendance(c.Context(), c.caller, c.booking()))
}

// takeawaysBody is what the requester takes from a session, coming in and going out.
type takeawaysBody struct {
	Learned   string `json:"learned" text:"lines"`
	WillApply string `json:"willApply" text:"lines"`
	Share     bool   `json:"shareWithExpert"`
}

type takeawaysShown struct {
	takeawaysBody
	ChangedAt string `json:"changedAt"`
	Version   int64  `json:"version"`
}

func takeawaysFrom(v desk.PapersView) takeawaysShown {
	t := v.Takeaways
	return takeawaysShown{takeawaysBody{t.Learned, t.WillApply, t.Share}, utc(t.At), t.Version}
}

// getTakeaways is GET /v1/bookings/{bookingId}/takeaways. What nobody wrote, and what is not shared, is not there.
func (a *api) getTakeaways(c *call) (answer, error) {
	view, err := a.papers(c)
	if err == nil && view.Takeaways.Version == 0 {
		err = mentoring.Missing()
	}
	if err != nil {
		return answer{}, err
	}
	return versioned(takeawaysFrom(view), view.Takeaways.Version), nil
}

func (a *api) putTakeaways(c *call) (answer, error) {
	var body takeawaysBody
	only, err := a.rewriting(c, &body, func() []mentoring.Fault { return mentoring.WriteTakeaways(body).Faults() },
		func(v desk.PapersView) int64 { return v.Takeaways.Version })
	if err != nil {
		return answer{}, err
	}
	view, err := a.Desk.WriteTakeaways(c.Context(), c.caller, c.booking(), mentoring.WriteTakeaways(body), only)
	if err != nil {
		return answer{}, err
	}
	return versioned(takeawaysFrom(view), view.Takeaways.Version), nil
}

// debriefBody is how the requester closes a booking, coming in and going out.
type debriefBody struct {
	Achieved      string `json:"achieved" text:"lines"`
	StillToDo     string `json:"stillToDo" text:"lines"`
	DoDifferently string `json:"doDifferently" text:"lines"`
}

type debriefShown struct {
	debriefBody
	ChangedAt string `json:"changedAt"`
	Version   int64  `json:"version"`
}

func debriefFrom(v desk.PapersView) debriefShown {
	d := v.Debrief
	return debriefShown{debriefBody{d.Achieved, d.StillToDo, d.DoDifferently}, utc(d.At), d.Version}
}

// getDebrief is GET /v1/bookings/{bookingId}/debrief. What nobody wrote, and what is not shared, is not there.
func (a *api) getDebrief(c *call) (answer, error) {
	view, err := a.papers(c)
	if err == nil && view.Debrief.Version == 0 {
		err = mentoring.Missing()
	}
	if err != nil {
		return answer{}, err
	}
	return versioned(debriefFrom(view), view.Debrief.Version), nil
}

func (a *api) putDebrief(c *call) (answer, error) {
	var body debriefBody
	only, err := a.rewriting(c, &body, func() []mentoring.Fault { return mentoring.WriteDebrief(body).Faults() },
		func(v desk.PapersView) int64 { return v.Debrief.Version })
	if err != nil {
		return answer{}, err
	}
	view, err := a.Desk.WriteDebrief(c.Context(), c.caller, c.booking(), mentoring.WriteDebrief(body), only)
	if err != nil {
		return answer{}, err
	}
	return versioned(debriefFrom(view), view.Debrief.Version), nil
}

// papers reads what was written about a booking, for a GET without parameters.
func (a *api) papers(c *call) (desk.PapersView, error) {
	if err := c.takesNoParameters(); err != nil {
		return desk.PapersView{}, err
	}
	return a.Desk.Papers(c.Context(), c.caller, c.booking())
}

// actionBody is something a requester set out to do: an action to clients, a task to us.
type actionBody struct {
	ID        mentoring.TaskID     `json:"id"`
	Kind      mentoring.TaskKind   `json:"kind"`
	Text      string               `json:"text"`
	DueOn     mentoring.Day        `json:"dueOn,omitzero"`
	Status    mentoring.TaskStatus `json:"status"`
	By        mentoring.Role       `json:"by"`
	ChangedAt string               `json:"changedAt"`
}

func actionBodyFrom(t mentoring.Task) actionBody {
	return actionBody{t.ID, t.Kind, t.Text, t.DueOn, t.Status, t.By, utc(t.At)}
}

// listActions is GET /v1/bookings/{bookingId}/actions: a short list without pages.
func (a *api) listActions(c *call) (answer, error) {
	view, err := a.papers(c)
	if err != nil {
		return answer{}, err
	}
	return versioned(all(view.Tasks.Tasks, actionBodyFrom), view.Tasks.Version), nil
}

// newActionBody is the body of POST /v1/bookings/{bookingId}/actions.
type newActionBody struct {
	Kind  mentoring.TaskKind `json:"kind"`
	Text  string             `json:"text" text:"lines"`
	DueOn *mentoring.Day     `json:"dueOn"`
}

func (b newActionBody) add(in *input) mentoring.AddTask {
	return mentoring.AddTask{Kind: b.Kind, Text: b.Text, DueOn: optional(in, "/dueOn", b.DueOn)}
}

func (a *api) addAction(c *call) (answer, error) {
	add, once, err := command(c, wholeBody, newActionBody.add)
	if err != nil {
		return answer{}, err
	}
	view, err := a.Desk.AddTask(c.Context(), c.caller, c.booking(), add, once)
	if err != nil {
		return answer{}, err
	}
	return made(actionBodyFrom(view.Task), view.Version, "/v1/bookings/"+string(c.booking())+"/actions"), nil
}

// actionChange is the body of PATCH /v1/bookings/{bookingId}/actions/{actionId}.
type actionChange struct {
	Kind   *mentoring.TaskKind   `json:"kind"`
	Text   *string               `json:"text" text:"lines"`
	DueOn  *mentoring.Day        `json:"dueOn"`
	Status *mentoring.TaskStatus `json:"status"`
}

func (a *api) patchAction(c *call) (answer, error) {
	var body actionChange
	only, err := a.rewriting(c, &body, func() []mentoring.Fault { return mentoring.ReviseTask(body).Faults() },
		func(v desk.PapersView) int64 { return v.Tasks.Version })
	if err != nil {
		return answer{}, err
	}
	view, err := a.Desk.ReviseTask(c.Context(), c.caller, c.booking(), c.task(), mentoring.ReviseTask(body), only)
	if err != nil {
		return answer{}, err
	}
	return versioned(actionBodyFrom(view.Task), view.Version), nil
}

// rewriting reads a PUT or PATCH of something that was written about a booking: its body into body, and the version it is
// meant for, nil for any. What is written asks the domain for what is wrong with that, version the present one.
func (a *api) rewriting(
	c *call, body any, faults func() []mentoring.Fault, version func(desk.PapersView) int64,
) (only *int64, err error) {
	in := c.read()
	in.query().end()
	match := in.ifMatch()
	in.body(body)
	if err := in.refusal(faults); err != nil {
		return nil, err
	}
	return match.only(func() (int64, error) {
		view, err := a.Desk.Papers(c.Context(), c.caller, c.booking())
		return version(view), err
	})
}
