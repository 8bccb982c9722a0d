package dispatch_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// zyx is somebody each of whose words begins with a name that nobody else has, so that a scan finds what is held of them. An id
// that happens to contain the name is not a word of theirs.
var zyxWord = regexp.MustCompile(`(?i)\bzyx(-[a-z]+)*\b`)

// scan are the words of zyx's that are anywhere on the table, with the kinds of records they are in. A record whose time to
// live is over does not count: the table drops it by itself.
func (w *world) scan(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := w.engine.Each(t.Context(), func(r table.Record) error {
		if !r.Expires.IsZero() && r.Expires.Before(w.now) {
			return nil
		}
		for _, word := range zyxWord.FindAllString(r.PK+" "+r.SK+" "+string(r.Data), -1) {
			kind, _, _ := strings.Cut(r.PK, "#")
			if word = strings.ToLower(word); !slices.Contains(found[word], kind) {
				found[word] = append(found[word], kind)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func zyxDraft(start time.Time, what string) mentoring.SlotDraft {
	d := draftAt(start)
	d.Title, d.Description, d.Preparation, d.LookingFor = "Zyx-title-"+what, "zyx-description-"+what, "zyx-preparation-"+what, "zyx-looking-"+what
	d.Meeting = mentoring.Meeting{VideoURL: "https://video.example/zyx-room-" + what, Place: "zyx-place-" + what}
	return d
}

func zyxWish(what string) mentoring.BookingRequest {
	return mentoring.BookingRequest{
		Purpose: mentoring.Purpose{
			Kind: "skill_gap", Question: "zyx-question-" + what, DesiredOutcome: "zyx-outcome-" + what + " and more of it",
			Tried: "zyx-tried-" + what, Context: "zyx-context-" + what,
		},
		Bring: "zyx-bring-" + what, NoConflict: true, JoinWaitlist: true,
	}
}

// life is what zyx did in the product, on both sides, before and after sessions, with others.
type zyxLife struct {
	zyx, ben, eve, kim desk.Caller
	ahead              []mentoring.BookingID // of zyx's, still to come
	slotAhead          mentoring.SlotID      // hosted, with eve in it and kim waiting
	past               []mentoring.BookingID // with ada, and with ben
}

func (w *world) lives(t *testing.T) (l zyxLife) {
	t.Helper()
	ctx, view := t.Context(), done[desk.BookingView](t)
	l.zyx, l.ben, l.eve, l.kim = w.enrolled(t, "zyx"), w.keen(t, "ben"), w.enrolled(t, "eve"), w.enrolled(t, "kim")
	l.zyx.Email, l.zyx.Name = "zyx-mail@example.org", "Zyx-name"
	e := mentoring.Enrolment{Profile: mentoring.Profile{
		Name: "Zyx-name", TimeZone: "UTC", Department: "zyx-department", Headline: "zyx-headline", Path: "zyx-path", SurveyMails: true, FeedbackWelcome: true,
	}}
	done[desk.MeView](t)(w.desk.Enrol(ctx, l.zyx, e, nil))
	publish := func(ahead time.Duration, what string) mentoring.SlotID {
		v, err := w.desk.Publish(ctx, l.zyx, zyxDraft(w.now.Add(ahead), what), once("publish"+what))
		if err != nil {
			t.Fatal(err)
		}
		return v.Slot.ID
	}
	book := func(who desk.Caller, slot mentoring.SlotID, r mentoring.BookingRequest) mentoring.BookingID {
		v, err := w.desk.Book(ctx, who, slot, r, desk.Once{Route: "book", Key: string(slot)})
		if err != nil {
			t.Fatal(err)
		}
		return v.Booking.ID
	}
	publish(4*time.Hour, "nobody")
	l.past = append(l.past,
		book(l.zyx, w.slot(t, 2, mentoring.Instant, 3*time.Hour), zyxWish("past")), book(l.ben, publish(6*time.Hour, "past"), wish))
	w.news(t)
	w.tick(t, 8*time.Hour)
	for _, by := range []struct {
		who     desk.Caller
		booking mentoring.BookingID
	}{{l.zyx, l.past[0]}, {l.zyx, l.past[1]}, {l.ben, l.past[1]}, {w.ada, l.past[0]}} {
		words := "private"
		if by.who.ID == l.zyx.ID {
			words = "zyx-survey-" + map[mentoring.BookingID]string{l.past[0]: "requester", l.past[1]: "expert"}[by.booking]
		}
		a := mentoring.Answers{mentoring.TookPlace: choice("held"), mentoring.NoteToProgramme: {Text: words}}
		done[desk.SurveyView](t)(w.desk.AnswerSurvey(ctx, by.who, by.booking, mentoring.Pulse, a, nil))
	}
	done[desk.PapersView](t)(w.desk.WriteTakeaways(ctx, l.zyx, l.past[0], mentoring.WriteTakeaways{Learned: "zyx-learned", WillApply: "zyx-apply", Share: true}, nil))
	done[desk.PapersView](t)(w.desk.WriteDebrief(ctx, l.zyx, l.past[0], mentoring.WriteDebrief{Achieved: "zyx-achieved", StillToDo: "zyx-still"}, nil))
	done[desk.TaskView](t)(w.desk.AddTask(ctx, l.zyx, l.past[0], mentoring.AddTask{Kind: "course", Text: "zyx-task"}, once("task")))
	done[desk.TaskView](t)(w.desk.AddTask(ctx, l.zyx, l.past[1], mentoring.AddTask{Kind: "course", Text: "zyx-proposal"}, once("propose")))
	done[desk.ConcernView](t)(w.desk.Raise(ctx, l.zyx, mentoring.Raise{About: w.ada.ID, Category: "conduct", Text: "zyx-concern, in my words"}, once("raise")))

	l.slotAhead = publish(20*time.Hour, "ahead") // within the notice of whoever books it
	publish(30*time.Hour, "empty")
	book(l.eve, l.slotAhead, wish)
	waits := wish
	waits.JoinWaitlist = true
	book(l.kim, l.slotAhead, waits)
	declined := book(l.zyx, w.slot(t, 1, mentoring.OnRequest, 60*time.Hour), zyxWish("declined"))
	view(w.desk.Decline(ctx, w.ada, declined, mentoring.Decline{Reason: mentoring.OtherReason, Note: "not now"}, once("decline")))
	cancelled := book(l.zyx, w.slot(t, 1, mentoring.Instant, 70*time.Hour), zyxWish("cancelled"))
	view(w.desk.Cancel(ctx, l.zyx, cancelled, mentoring.Cancel{Reason: "zyx-reason"}, once("cancel")))
	l.ahead = append(l.ahead, book(l.zyx, w.slot(t, 1, mentoring.Instant, 10*time.Hour), zyxWish("ahead"))) // it can no longer be cancelled
	w.news(t)
	return l
}

// S6: an export has all that a scan of the table finds of somebody; after DELETE /v1/me those concerned are told, nothing goes to
// the person any more, and then a scan finds neither name, nor address, nor words of theirs. Counts stay.
func TestErasure(t *testing.T) {
	w := open(t, nil)
	ctx := t.Context()
	l := w.lives(t)
	before := w.scan(t)
	if len(before) < 40 {
		t.Fatalf("only %d words of zyx's are on record: %v", len(before), before)
	}
	t.Logf("figure S6: %d words of one person on record, all in the export; after erasure a scan of the table finds the concern alone", len(before))
	export := w.export(t, l.zyx, 3)
	for word := range before {
		if !strings.Contains(strings.ToLower(export), word) {
			t.Errorf("the export lacks %s, which is in %v", word, before[word])
		}
	}
	counted := w.counts(t)

	if _, err := w.desk.Assign(ctx, desk.Caller{Coordinator: true}, l.zyx.ID, mentoring.Assignment{SuspendedUntil: w.now.Add(90 * 24 * time.Hour), Manager: l.ben.ID}, nil); err != nil {
		t.Fatal(err)
	}
	w.news(t)
	for range 2 { // the second time there is nothing to do
		if err := w.desk.Erase(ctx, l.zyx); err != nil {
			t.Fatal(err)
		}
	}
	w.told(t, "eve: booking_cancelled", "kim: booking_cancelled", "ada: booking_cancelled")
	if me, err := w.desk.Me(ctx, l.zyx); err != nil || me.Enrolled() || me.Profile.Headline != "" || me.Programme.SuspendedUntil.IsZero() {
		t.Errorf("they are %+v, %v", me, err)
	}
	w.tick(t, mentoring.ForgetAfter+time.Minute)
	w.told(t)
	for word, kinds := range w.scan(t) {
		if word != "zyx-concern" || !cmp.Equal(kinds, []string{"CONCERNS"}) {
			t.Errorf("%s is still in %v", word, kinds)
		}
	}
	if diff := cmp.Diff(counted, w.counts(t)); diff != "" {
		t.Errorf("counts (-before +after):\n%s", diff)
	}
	for _, c := range []desk.Caller{l.zyx, l.eve, l.kim} {
		ahead, err := w.desk.Bookings(ctx, c, desk.BookingFilter{Role: mentoring.Requester, Status: []mentoring.BookingStatus{mentoring.Confirmed, mentoring.Waitlisted}}, "", 10)
		if err != nil || len(ahead.Items) > 0 {
			t.Errorf("%s still has %v, %v", c.Name, ahead.Items, err)
		}
	}
	if b, err := w.desk.Booking(ctx, w.ada, l.past[0]); err != nil || b.Booking.Requester.Name != mentoring.Nobody {
		t.Errorf("ada sees %+v, %v", b.Booking, err)
	}
	w.tick(t, 60*24*time.Hour) // and what is told of later names nobody either
	for reader := range w.news(t) {
		if strings.HasPrefix(reader, "zyx") {
			t.Errorf("mail went out: %s", reader)
		}
	}
}

// Whoever comes back is somebody new, but for a suspension; what they do from then on is not forgotten with what was before.
func TestErasedAndBack(t *testing.T) {
	w := open(t, nil)
	ctx := t.Context()
	l := w.lives(t)
	if err := w.desk.Erase(ctx, l.zyx); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Second)
	e := mentoring.Enrolment{Profile: mentoring.Profile{Name: "Zyx-back", TimeZone: "UTC"}, AcceptGroundRules: true}
	done[desk.MeView](t)(w.desk.Enrol(ctx, l.zyx, e, nil))
	slot, err := w.desk.Publish(ctx, l.zyx, zyxDraft(w.now.Add(100*time.Hour), "back"), desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	w.books(t, l.ben, slot.Slot.ID)
	w.news(t)
	w.tick(t, mentoring.ForgetAfter+time.Minute)
	w.news(t)
	for word := range w.scan(t) {
		if !strings.HasSuffix(word, "back") && word != "zyx-mail" && word != "zyx-concern" {
			t.Errorf("%s was not forgotten", word)
		}
	}
	if v, err := w.desk.Slot(ctx, l.ben, slot.Slot.ID); err != nil || v.Status != mentoring.SlotOpen || v.Taken != 1 || v.Slot.Title != "Zyx-title-back" {
		t.Errorf("the new slot is %+v, %v", v, err)
	}
}

// What was written is kept for as long as the policy says, and then forgotten: words, and where the session took place. Names,
// titles and counts stay.
func TestWordsAreKeptForATime(t *testing.T) {
	w := open(t, nil)
	l := w.lives(t)
	w.tick(t, 60*24*time.Hour)
	w.news(t)
	counted := w.counts(t)
	w.tick(t, mentoring.DefaultPolicy().KeepWords-61*24*time.Hour)
	if found := w.scan(t); found["zyx-learned"] == nil || found["zyx-description-ahead"] == nil || found["zyx-question-declined"] == nil {
		t.Errorf("too early: %v", found)
	}
	w.tick(t, 5*24*time.Hour)
	stays := regexp.MustCompile(`^zyx-(name|mail|department|headline|path|title.*|concern)$`)
	for word, kinds := range w.scan(t) {
		if !stays.MatchString(word) {
			t.Errorf("%s is still in %v", word, kinds)
		}
	}
	if diff := cmp.Diff(counted, w.counts(t)); diff != "" {
		t.Errorf("counts (-before +after):\n%s", diff)
	}
	if more, err := w.desk.ForgetOld(t.Context()); more || err != nil {
		t.Errorf("there is more to forget: %v, %v", more, err)
	}
	if b, err := w.desk.Booking(t.Context(), w.ada, l.past[0]); err != nil || b.Booking.Requester.Name != "Zyx-name" || b.Booking.Purpose.Question != "" {
		t.Errorf("ada sees %+v, %v", b.Booking, err)
	}
}

// export is all parts of an export as a client could put them together.
func (w *world) export(t *testing.T, c desk.Caller, limit int) (text string) {
	t.Helper()
	for after, parts := "", 0; ; parts++ {
		part, err := w.desk.Export(t.Context(), c, after, limit)
		if err != nil || len(part.Bookings)+len(part.Slots)+len(part.Concerns) > limit || parts > 20 {
			t.Fatalf("part %d: %+v, %v", parts, part, err)
		}
		data, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		text += string(data)
		if after = part.Next; after == "" {
			return text
		}
	}
}

// counts is the report of the month of the past sessions, as numbers for anybody to see.
func (w *world) counts(t *testing.T) []mentoring.BookingFact {
	t.Helper()
	var facts []mentoring.BookingFact
	err := w.engine.Each(t.Context(), func(r table.Record) error {
		if !strings.HasPrefix(r.PK, "FACTS#2026-11-02") || !mentoring.BookingID(r.SK).Valid() {
			return nil
		}
		var f mentoring.BookingFact
		facts = append(facts, f)
		return json.Unmarshal(r.Data, &facts[len(facts)-1])
	})
	if err != nil || len(facts) == 0 {
		t.Fatalf("%d facts: %v", len(facts), err)
	}
	return facts
}
