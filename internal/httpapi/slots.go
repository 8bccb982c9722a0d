package httpapi

import (
	"fmt"
	"net/http"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// slotBody is a slot as the caller may see it (product.md section 5).
type slotBody struct {
	ID                   mentoring.SlotID      `json:"id"`
	Version              int64                 `json:"version"`
	Status               mentoring.SlotStatus  `json:"status"`
	Expert               slotExpert            `json:"expert"`
	Title                string                `json:"title"`
	Description          string                `json:"description,omitzero"`
	Topic                string                `json:"topic"`
	Kind                 mentoring.SessionKind `json:"sessionKind"`
	Format               mentoring.Format      `json:"format"`
	Seats                seats                 `json:"seats"`
	MinAttendees         int                   `json:"minAttendees,omitzero"`
	Direction            mentoring.Direction   `json:"direction"`
	StartsAt             string                `json:"startsAt"`
	EndsAt               string                `json:"endsAt"`
	DurationMinutes      int                   `json:"durationMinutes"`
	TimeZone             string                `json:"timeZone"`
	Modes                []mentoring.Mode      `json:"modes"`
	Meeting              meetingBody           `json:"meeting,omitzero"`
	Languages            []string              `json:"languages"`
	Audience             mentoring.Audience    `json:"audience"`
	Approval             mentoring.Approval    `json:"approval"`
	BookingNoticeMinutes int                   `json:"bookingNoticeMinutes"`
	CancelNoticeMinutes  int                   `json:"cancelNoticeMinutes"`
	BookableUntil        string                `json:"bookableUntil"`
	Preparation          string                `json:"preparation,omitzero"`
	LookingFor           string                `json:"lookingFor,omitzero"`
	Affiliation          mentoring.Affiliation `json:"affiliation"`
	Bookable             bookable              `json:"bookable"`
	AllowedActions       []action              `json:"allowedActions"`
	PublishedAt          string                `json:"publishedAt"`
}

type slotExpert struct {
	ID           mentoring.PersonID `json:"id"`
	Name         string             `json:"name"`
	Headline     string             `json:"headline,omitzero"`
	Organisation string             `json:"organisation,omitzero"`
}

type seats struct {
	Capacity int `json:"capacity"`
	Taken    int `json:"taken"`
	Waiting  int `json:"waiting"`
}

type meetingBody struct {
	VideoURL string `json:"videoUrl,omitzero"`
	Phone    string `json:"phone,omitzero"`
	Place    string `json:"place,omitzero"`
}

type bookable struct {
	Allowed bool           `json:"allowed"`
	Code    mentoring.Code `json:"code,omitzero"`
}

type action struct {
	Action mentoring.ActionName `json:"action"`
	Until  string               `json:"until,omitzero"`
}

func actionsFrom(allowed []mentoring.Action) []action {
	actions := make([]action, len(allowed))
	for i, a := range allowed {
		actions[i] = action{a.Name, utc(a.Until)}
	}
	return actions
}

func slotFrom(v desk.SlotView) slotBody {
	s := v.Slot
	return slotBody{
		ID: s.ID, Version: v.Version, Status: v.Status,
		Expert: slotExpert{s.Host.ID, s.Host.Name, s.Host.Headline, s.Host.Organisation},
		Title:  s.Title, Description: s.Description, Topic: s.Topic, Kind: s.Kind, Format: s.Format,
		Seats: seats{s.Capacity, v.Taken, v.Waiting}, MinAttendees: s.MinAttendees, Direction: s.Direction,
		StartsAt: utc(s.StartsAt), EndsAt: utc(s.EndsAt()), DurationMinutes: s.DurationMinutes, TimeZone: s.TimeZone,
		Modes: list(s.Modes), Meeting: meetingBody(s.Meeting), Languages: list(s.Languages),
		Audience: s.Audience, Approval: s.Approval,
		BookingNoticeMinutes: s.BookingNoticeMinutes, CancelNoticeMinutes: s.CancelNoticeMinutes,
		BookableUntil: utc(s.BookableUntil()), Preparation: s.Preparation, LookingFor: s.LookingFor,
		Affiliation: v.Affiliation, Bookable: bookable{v.NotBookable == "", v.NotBookable},
		AllowedActions: actionsFrom(v.Actions), PublishedAt: utc(s.PublishedAt),
	}
}

// draftBody is the body of POST /v1/slots.
type draftBody struct {
	Title                string                 `json:"title"`
	Description          string                 `json:"description" text:"lines"`
	Topic                string                 `json:"topic"`
	Kind                 *mentoring.SessionKind `json:"sessionKind"`
	Format               *mentoring.Format      `json:"format"`
	Capacity             *int                   `json:"capacity"`
	MinAttendees         *int                   `json:"minAttendees"`
	Direction            *mentoring.Direction   `json:"direction"`
	StartsAt             time.Time              `json:"startsAt"`
	DurationMinutes      int                    `json:"durationMinutes"`
	TimeZone             *string                `json:"timeZone"`
	Modes                []mentoring.Mode       `json:"modes"`
	Meeting              draftMeeting           `json:"meeting"`
	Languages            []string               `json:"languages"`
	Audience             *mentoring.Audience    `json:"audience"`
	Approval             *mentoring.Approval    `json:"approval"`
	BookingNoticeMinutes *int                   `json:"bookingNoticeMinutes"`
	CancelNoticeMinutes  *int                   `json:"cancelNoticeMinutes"`
	Preparation          string                 `json:"preparation" text:"lines"`
	LookingFor           string                 `json:"lookingFor" text:"lines"`
}

type draftMeeting struct {
	VideoURL *string `json:"videoUrl"`
	Phone    string  `json:"phone"`
	Place    string  `json:"place" text:"lines"`
}

// draft is the draft at a place in what was sent.
func (b draftBody) draft(in *input, at string) mentoring.SlotDraft {
	return mentoring.SlotDraft{
		At: at, Title: b.Title, Description: b.Description, Topic: b.Topic,
		Kind: optional(in, at+"/sessionKind", b.Kind), Format: optional(in, at+"/format", b.Format),
		Capacity: b.Capacity, MinAttendees: b.MinAttendees, Direction: optional(in, at+"/direction", b.Direction),
		StartsAt: b.StartsAt, DurationMinutes: b.DurationMinutes, TimeZone: optional(in, at+"/timeZone", b.TimeZone),
		Modes: b.Modes, Languages: b.Languages, Audience: optional(in, at+"/audience", b.Audience),
		Meeting: mentoring.Meeting{
			VideoURL: optional(in, at+"/meeting/videoUrl", b.Meeting.VideoURL), Phone: b.Meeting.Phone, Place: b.Meeting.Place,
		},
		Approval: optional(in, at+"/approval", b.Approval), BookingNoticeMinutes: b.BookingNoticeMinutes,
		CancelNoticeMinutes: b.CancelNoticeMinutes, Preparation: b.Preparation, LookingFor: b.LookingFor,
	}
}

// anybody stands in for the expert where a draft is judged before it is known who they are: nothing of their profile
// can break a rule.
var anybody = mentoring.Person{Profile: mentoring.Profile{TimeZone: "UTC"}}

func (a *api) publishSlot(c *call) (answer, error) {
	in := c.read()
	in.query().end()
	var body draftBody
	in.body(&body)
	once := in.once(c)
	draft := body.draft(in, "")
	topics, err := a.topicsFor(c, in)
	if err != nil {
		return answer{}, err
	}
	if err := in.refusal(func() []mentoring.Fault { return a.draftFaults(draft, topics) }); err != nil {
		return answer{}, err
	}
	view, err := a.Desk.Publish(c.Context(), c.caller, draft, once)
	if err != nil {
		return answer{}, err
	}
	return made(slotFrom(view), view.Version, "/v1/slots/"+string(view.Slot.ID)), nil
}

// draftFaults are the rules that a draft breaks whoever sent it.
func (a *api) draftFaults(d mentoring.SlotDraft, topics mentoring.Taxonomy) []mentoring.Fault {
	faults := d.Normal(anybody).Faults(topics, a.Desk.Policy, a.Desk.Now())
	for i := range faults {
		faults[i].Pointer = d.At + faults[i].Pointer
	}
	return faults
}

// maxBatch is how many slots can be published at once: with their agenda and their answer they fit one commit.
const maxBatch = 20

// batchBody is the body of POST /v1/slots/batch.
type batchBody struct {
	Slots []draftBody `json:"slots"`
}

func (b batchBody) drafts(in *input) []mentoring.SlotDraft {
	switch n := len(b.Slots); {
	case covered("/slots", in.faults): // it is no list at all
	case n < 1:
		in.add("/slots", mentoring.Required, "Must be 1 to %d slots.", maxBatch)
	case n > maxBatch:
		in.add("/slots", mentoring.TooLong, "Has %d slots; %d at most.", n, maxBatch)
	}
	drafts := make([]mentoring.SlotDraft, len(b.Slots))
	for i, one := range b.Slots {
		drafts[i] = one.draft(in, fmt.Sprintf("/slots/%d", i))
	}
	return drafts
}

func (a *api) publishSlots(c *call) (answer, error) {
	in := c.read()
	in.query().end()
	var body batchBody
	in.body(&body)
	once := in.once(c)
	drafts := body.drafts(in)
	topics, err := a.topicsFor(c, in)
	if err != nil {
		return answer{}, err
	}
	err = in.refusal(func() (faults []mentoring.Fault) {
		for _, d := range drafts {
			faults = append(faults, a.draftFaults(d, topics)...)
		}
		return faults
	})
	if err != nil {
		return answer{}, err
	}
	views, err := a.Desk.PublishAll(c.Context(), c.caller, drafts, once)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: all(views, slotFrom)}, nil
}

func (a *api) listSlots(c *call) (answer, error) {
	in := c.read()
	q := in.query()
	topic, _ := q.take("topic")
	filter := desk.SlotFilter{
		Topic:       topic,
		Kind:        choice(q, "sessionKind", mentoring.SessionKinds, ""),
		Format:      choice(q, "format", mentoring.Formats, ""),
		Direction:   choice(q, "direction", mentoring.Directions, ""),
		Mode:        choice(q, "mode", mentoring.Modes, ""),
		Language:    q.language(),
		Affiliation: choice(q, "affiliation", mentoring.Affiliations, ""),
		Expert:      q.person("expertId"),
		Bookable:    q.flag("bookable"),
	}
	filter.From, filter.To = q.span()
	paging := q.paging(c)
	q.end()
	topics, err := a.topicsFor(c, in)
	if err != nil {
		return answer{}, err
	}
	if err := in.refusal(func() []mentoring.Fault { return filter.Faults(topics) }); err != nil {
		return answer{}, err
	}
	return answerPage(a, paging, func(after string, limit int) (desk.List[desk.SlotView], error) {
		return a.Desk.OpenSlots(c.Context(), c.caller, filter, after, limit)
	}, slotFrom)
}

func (a *api) getSlot(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	return slotAnswer(a.Desk.Slot(c.Context(), c.caller, c.slot()))
}

// slotAnswer is the slot as the caller sees it, or the refusal.
func slotAnswer(view desk.SlotView, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(slotFrom(view), view.Version), nil
}

// revisionBody is the body of PATCH /v1/slots/{slotId}. What is left out stays as it is.
type revisionBody struct {
	Title                *string                `json:"title"`
	Description          *string                `json:"description" text:"lines"`
	Topic                *string                `json:"topic"`
	Kind                 *mentoring.SessionKind `json:"sessionKind"`
	Format               *mentoring.Format      `json:"format"`
	Capacity             *int                   `json:"capacity"`
	MinAttendees         *int                   `json:"minAttendees"`
	Direction            *mentoring.Direction   `json:"direction"`
	StartsAt             *time.Time             `json:"startsAt"`
	DurationMinutes      *int                   `json:"durationMinutes"`
	TimeZone             *string                `json:"timeZone"`
	Modes                []mentoring.Mode       `json:"modes"`
	Meeting              revisionMeeting        `json:"meeting"`
	Languages            []string               `json:"languages"`
	Audience             *mentoring.Audience    `json:"audience"`
	Approval             *mentoring.Approval    `json:"approval"`
	BookingNoticeMinutes *int                   `json:"bookingNoticeMinutes"`
	CancelNoticeMinutes  *int                   `json:"cancelNoticeMinutes"`
	Preparation          *string                `json:"preparation" text:"lines"`
	LookingFor           *string                `json:"lookingFor" text:"lines"`
}

type revisionMeeting struct {
	VideoURL *string `json:"videoUrl"`
	Phone    *string `json:"phone"`
	Place    *string `json:"place" text:"lines"`
}

func (b revisionBody) revision() mentoring.Revision {
	return mentoring.Revision{
		Title: b.Title, Description: b.Description, Topic: b.Topic, Kind: b.Kind, Format: b.Format, Capacity: b.Capacity,
		MinAttendees: b.MinAttendees, Direction: b.Direction, StartsAt: b.StartsAt, DurationMinutes: b.DurationMinutes,
		TimeZone: b.TimeZone, Modes: b.Modes, VideoURL: b.Meeting.VideoURL, Phone: b.Meeting.Phone, Place: b.Meeting.Place,
		Languages: b.Languages, Audience: b.Audience, Approval: b.Approval, BookingNoticeMinutes: b.BookingNoticeMinutes,
		CancelNoticeMinutes: b.CancelNoticeMinutes, Preparation: b.Preparation, LookingFor: b.LookingFor,
	}
}

func (a *api) patchSlot(c *call) (answer, error) {
	in := c.read()
	in.query().end()
	match := in.ifMatch()
	var body revisionBody
	in.body(&body)
	revision := body.revision()
	topics, err := a.topicsFor(c, in)
	if err != nil {
		return answer{}, err
	}
	if err := in.refusal(func() []mentoring.Fault { return revision.Faults(topics) }); err != nil {
		return answer{}, err
	}
	only, err := match.only(func() (int64, error) {
		view, err := a.Desk.Slot(c.Context(), c.caller, c.slot())
		return view.Version, err
	})
	if err != nil {
		return answer{}, err
	}
	return slotAnswer(a.Desk.Revise(c.Context(), c.caller, c.slot(), revision, only))
}

func (a *api) closeSlot(c *call) (answer, error) {
	once, err := c.bare()
	if err != nil {
		return answer{}, err
	}
	return slotAnswer(a.Desk.Close(c.Context(), c.caller, c.slot(), once))
}

func (a *api) cancelSlot(c *call) (answer, error) {
	cancel, once, err := command(c, optionalBody, cancelBody.cancel)
	if err != nil {
		return answer{}, err
	}
	return slotAnswer(a.Desk.CancelSlot(c.Context(), c.caller, c.slot(), cancel, once))
}

// listRoster is a list without pages: a slot has few seats, and few who wait.
func (a *api) listRoster(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	bookings, err := a.Desk.Roster(c.Context(), c.caller, c.slot())
	if err != nil {
		return answer{}, err
	}
	if len(bookings) > 0 && bookings[0].Booking.Expert.ID != c.caller.ID {
		return found(all(bookings, outlineFrom)), nil
	}
	return found(all(bookings, bookingFor(c.caller))), nil
}

// outlineBody is what a coordinator sees of a booking.
type outlineBody struct {
	ID       mentoring.BookingID     `json:"id"`
	Status   mentoring.BookingStatus `json:"status"`
	StartsAt string                  `json:"startsAt"`
	EndsAt   string                  `json:"endsAt"`
}

func outlineFrom(v desk.BookingView) outlineBody {
	return outlineBody{v.Booking.ID, v.Status, utc(v.Booking.StartsAt), utc(v.Booking.EndsAt())}
}
