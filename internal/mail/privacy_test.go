package mail_test

import (
	"strings"
	"testing"

	"flashmentoring/internal/mentoring"
)

// No letter tells anybody what is not theirs to know (product.md section 8): each private field holds a word of its own,
// and is looked for in every letter that must not have it.
func TestLettersKeepSecrets(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			n := s.notice
			requester := n.Role == mentoring.Requester
			purpose := []string{"canaryquestion", "canaryoutcome", "canarytried", "canarycontext", "canarybring"}
			meeting := []string{"canaryvideo", "canaryphone", "canaryplace"}
			n.Booking.Purpose.Question, n.Booking.Purpose.DesiredOutcome = purpose[0], purpose[1]
			n.Booking.Purpose.Tried, n.Booking.Purpose.Context, n.Booking.Bring = purpose[2], purpose[3], purpose[4]
			n.Slot.Meeting = mentoring.Meeting{VideoURL: "https://" + meeting[0] + ".example/", Phone: meeting[1], Place: meeting[2]}
			n.Slot.Host.Headline, n.Slot.Host.Organisation = "canaryheadline", "canaryorganisation"
			n.Slot.Host.Conflicts, n.Slot.Host.Managers = []mentoring.PersonID{"canaryconflict"}, []mentoring.PersonID{"canarymanager"}
			n.Booking.Requester.ID, n.Booking.Expert.ID, n.Slot.Host.ID = "canaryid", "canaryid", "canaryid"
			n.Reader.ID, n.Other.ID = "canaryid", "canaryid"
			n.Reader.Programme = mentoring.Programme{Managers: []mentoring.PersonID{"canarymanager"}, Organisation: "canaryorganisation"}

			n.Note, n.Contact, n.Task.Text = "canarynote", "canarycontact@other.example", "canarytask"
			for i := range n.Bookings {
				n.Bookings[i].Purpose = mentoring.Purpose{Question: "canaryanother", Context: "canaryanother", DesiredOutcome: "canarywish"}
			}
			n.Papers = everythingWritten()
			never := []string{"canarysurvey", "canarychoice", "canarydone", "canaryheadline", "canaryorganisation", "canaryconflict", "canarymanager", "canaryid"}
			for word, kind := range map[string]mentoring.NoticeKind{
				"canarynote": mentoring.NoteForExpert, "canarycontact": mentoring.InTouchNotice, "canarytask": mentoring.ActionDue,
			} {
				if n.Kind != kind {
					never = append(never, word)
				}
			}
			never = append(never, notFor(n.Kind)...)
			if never = append(never, "canaryanother"); len(n.Bookings) != 1 {
				never = append(never, "canarywish") // of several it is not said whose it is
			}
			if n.Left || n.Booking.ID == "" {
				never = append(never, purpose...) // it is another expert's now, or nobody's
			}
			if requester && n.Booking.Status != mentoring.Confirmed {
				never = append(never, meeting...)
			}
			o := read(t, compose(t, n).Raw)
			everything := strings.ToLower(o.text + o.html + o.unfolded() + o.subject(t))
			for _, secret := range never {
				if strings.Contains(everything, secret) {
					t.Errorf("%s is in the letter:\n%s", secret, o.text)
				}
			}
			for _, secret := range purpose {
				if strings.Contains(o.unfolded(), secret) {
					t.Errorf("%s is in the calendar", secret)
				}
			}
			if n.Kind == mentoring.ConflictFound {
				ours, _, _ := strings.Cut(strings.ToLower(o.text), "\n* ")
				for _, hint := range []string{"manage", "report", "boss", "chain", "conflict", "declare", "team"} {
					if strings.Contains(strings.ReplaceAll(ours, strings.ToLower(n.Slot.Title), ""), hint) {
						t.Errorf("%q hints at why:\n%s", hint, ours)
					}
				}
			}
			if n.Left && strings.Contains(o.text, n.Booking.Title) || n.Left && strings.Contains(o.text, n.Booking.Expert.Name) {
				t.Error("the letter says where the booking went")
			}
		})
	}
}

// everythingWritten is more than any notice brings: which of it a side may see is decided before (mentoring.Papers.For), and
// no letter repeats a survey whoever's it is.
func everythingWritten() mentoring.Papers {
	survey := mentoring.Survey{Answers: mentoring.Answers{
		mentoring.NoteToExpert: {Text: "canarysurvey"}, mentoring.NoteToProgramme: {Text: "canarysurvey"},
		mentoring.NextStep: {Text: "canarysurvey"}, mentoring.WhatChanged: {Text: "canarysurvey"},
		mentoring.TookPlace: {Choices: []string{"canarychoice"}},
	}}
	return mentoring.Papers{
		Requester: survey, Expert: survey, Outcome: survey,
		Takeaways: mentoring.Takeaways{Learned: "canarylearned", WillApply: "canaryapply", Share: true},
		Debrief:   mentoring.Debrief{Achieved: "canaryachieved", StillToDo: "canarystill", DoDifferently: "canarydifferently"},
		Tasks: mentoring.Tasks{Tasks: []mentoring.Task{
			{Kind: mentoring.OtherTask, Text: "canaryopen", Status: mentoring.TaskOpen},
			{Kind: mentoring.OtherTask, Text: "canarydone", Status: mentoring.TaskDone},
		}},
	}
}

// notFor are the words of what was written that belong in letters of other kinds.
func notFor(kind mentoring.NoticeKind) []string {
	closing := []string{"canarylearned", "canaryapply", "canaryachieved", "canarystill", "canarydifferently"}
	switch kind {
	case mentoring.SessionClosed:
		return nil
	case mentoring.SurveyOutcome:
		return closing
	}
	return append(closing, "canaryopen")
}

// The outcome is quoted back at each step, to both (product.md section 1, rule 3).
func TestOutcomeIsQuoted(t *testing.T) {
	quoted := map[mentoring.NoticeKind]bool{
		mentoring.BookingConfirmed: true, mentoring.BookingRequested: true, mentoring.RequestExpiring: true, mentoring.WaitlistPromoted: true,
		mentoring.Reminder24h: true, mentoring.Reminder1h: true,
		mentoring.SurveyPulse: true, mentoring.SurveyReminderNotice: true, mentoring.SurveyOutcome: true, mentoring.SessionClosed: true,
	}
	for _, s := range samples() {
		n := s.notice
		about := n.Booking
		if len(n.Bookings) == 1 {
			about = n.Bookings[0]
		}
		if !quoted[n.Kind] || about.ID == "" {
			continue
		}
		if o := read(t, compose(t, n).Raw); !strings.Contains(o.text, "\nDesired outcome:\n> "+about.Purpose.DesiredOutcome+"\n") {
			t.Errorf("%s does not quote the outcome:\n%s", s.name, o.text)
		}
	}
}
