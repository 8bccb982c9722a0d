package desk

import (
	"context"
	"reflect"
	"slices"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// MeView is the caller as they see themselves.
type MeView struct {
	mentoring.Person
	Blocked []mentoring.PersonID
	Mail    *MailView // only [Desk.Me] says
}

// MailView says whether mail goes to somebody's address. Suppression is nil where it does.
type MailView struct{ Suppression *Suppression }

// Me returns the caller: their profile, or what their token says while they have none, and whether mail goes to the address
// of the token. It refuses with [mentoring.Busy].
func (d *Desk) Me(ctx context.Context, c Caller) (MeView, error) {
	var me standing
	if err := d.round(ctx, d.self(c, Once{}, &me, suppressionKey(c.Email))); err != nil {
		return read(MeView{}, err)
	}
	suppression, err := suppressionIn(me.suppression)
	return read(MeView{me.Person.At(d.Now()), me.Agenda.Blocked(), &MailView{suppression}}, err)
}

// Enrol makes the caller's profile what they ask for: PUT /v1/me. With ifMatch it changes only that
// version of it (0: only if there is none). A profile that already is as asked is left as it is, so the
// same request can safely come twice. Whoever enrols, or has another address than before, takes up what an import said of
// that address (arrive). It refuses with [mentoring.InvalidField],
// [mentoring.VersionConflict] or [mentoring.Busy].
func (d *Desk) Enrol(ctx context.Context, c Caller, e mentoring.Enrolment, ifMatch *int64) (MeView, error) {
	now := d.Now()
	return transact(ctx, d, func(ctx context.Context) (none MeView, _ []table.Write, err error) {
		var me standing
		if err := d.round(ctx, d.self(c, Once{}, &me, addressKey(mentoring.AddressOf(c.Email), placeHolder))); err != nil {
			return none, nil, err
		}
		before := me.stored
		after, err := mentoring.DecideEnrol(before, c.Email, e, now)
		if err != nil {
			return none, nil, err
		}
		after, arrival, err := d.arrive(ctx, before, after, me.holder)
		if err != nil {
			return none, nil, err
		}
		if before.Enrolled() && reflect.DeepEqual(before, after) {
			return MeView{Person: before, Blocked: me.Agenda.Blocked()}, arrival, nil
		}
		if ifMatch != nil && *ifMatch != before.Version {
			return none, nil, mentoring.Stale(before.Version)
		}
		writes := append(d.profileWrites(mentoring.Viewer{Person: before, Agenda: me.Agenda}, after, 0), arrival...)
		after.Version++
		return MeView{Person: after, Blocked: me.Agenda.Blocked()}, writes, nil
	})
}

// profileWrites store a changed profile. Where bookings rest on what changed, the agenda is written too, so that none that is
// being decided outlives it, and the person's slots and bookings follow; hops is how
// many managers the news came down through.
func (d *Desk) profileWrites(before mentoring.Viewer, after mentoring.Person, hops int) []table.Write {
	writes := []table.Write{put(profileRecord(after))}
	if !before.Person.Enrolled() {
		return writes
	}
	was, is := mentoring.HostFrom(before.Person), mentoring.HostFrom(after)
	is.Version = was.Version
	suspended := !after.Programme.SuspendedUntil.Equal(before.Person.Programme.SuspendedUntil)
	if reflect.DeepEqual(was, is) && !suspended {
		return writes
	}
	return append(writes,
		put(agendaRecord(after.ID, before.Agenda)),
		d.announce(mentoring.Event{Kind: mentoring.PersonChanged, At: d.Now(), Person: after.ID, Hops: hops}))
}

// Block makes somebody not exist for the caller, and the other way round, or takes that back: PUT and DELETE
// /v1/me/blocks/{personId}. It refuses with [mentoring.ProfileRequired] where the caller has not enrolled,
// [mentoring.NotFound] where the other has not, with what [mentoring.DecideBlock] answers, or with [mentoring.Busy].
func (d *Desk) Block(ctx context.Context, c Caller, b mentoring.Block) error {
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		var me standing
		var other mentoring.Viewer
		if !b.Of.Valid() {
			return none, nil, mentoring.Missing()
		}
		if err := d.round(ctx, d.self(c, Once{}, &me), d.viewer(b.Of, &other)); err != nil {
			return none, nil, err
		}
		mine, theirs, changed, err := mentoring.DecideBlock(me.Viewer, other, b)
		if err != nil || !changed {
			return none, nil, err
		}
		return none, []table.Write{put(agendaRecord(c.ID, mine)), put(agendaRecord(b.Of, theirs))}, nil
	})
	return err
}

// PersonView is what others may see of somebody.
type PersonView struct {
	ID           mentoring.PersonID
	Name         string
	Headline     string
	Organisation string
	Path         string
	Languages    []string
}

// Person shows somebody to those who can see a slot of theirs, or have a booking with them: GET /v1/people/{id}. It refuses
// with [mentoring.NotFound] or [mentoring.Busy].
func (d *Desk) Person(ctx context.Context, c Caller, id mentoring.PersonID) (PersonView, error) {
	var me standing
	var them mentoring.Viewer
	if !id.Valid() {
		return PersonView{}, mentoring.Missing()
	}
	if err := d.round(ctx, d.self(c, Once{}, &me), d.viewer(id, &them)); err != nil {
		return read(PersonView{}, err)
	}
	if !them.Person.Enrolled() {
		return PersonView{}, mentoring.Missing()
	}
	p := them.Person
	view := PersonView{p.ID, p.Profile.Name, p.Profile.Headline, p.Organisation, p.Profile.Path, p.Profile.Languages}
	if id == c.ID || me.Agenda.From(d.Now()).With(id) {
		return view, nil
	}
	known, err := d.seesSlotOf(ctx, me, them.Agenda)
	if err == nil && !known {
		err = mentoring.Missing()
	}
	return read(view, err)
}

// seesSlotOf reports whether an upcoming slot of somebody exists for the caller.
func (d *Desk) seesSlotOf(ctx context.Context, me standing, theirs mentoring.Agenda) (bool, error) {
	var keys []table.Key
	for _, id := range theirs.From(d.Now()).Hosted() {
		keys = append(keys, slotKey(id, placeListing))
	}
	records, err := d.getAll(ctx, keys)
	if err != nil {
		return false, err
	}
	for _, r := range records {
		l, err := decode[listing](r)
		if err != nil {
			return false, err
		}
		if l.Slot.VisibleTo(me.Viewer) {
			return true, nil
		}
	}
	return false, nil
}

// Assign makes the programme's data of a person what a coordinator says: PUT /v1/people/{id}/programme. It refuses with
// [mentoring.Forbidden] for everybody else, with what [mentoring.DecideAssign] answers, or with [mentoring.Busy].
func (d *Desk) Assign(ctx context.Context, c Caller, id mentoring.PersonID, a mentoring.Assignment, only *int64) (mentoring.Person, error) {
	if !c.Coordinator {
		return mentoring.Person{}, mentoring.CoordinatorsOnly()
	}
	now := d.Now()
	return transact(ctx, d, func(ctx context.Context) (none mentoring.Person, _ []table.Write, err error) {
		var who mentoring.Viewer
		var manager mentoring.Person
		if !id.Valid() {
			return none, nil, mentoring.Missing()
		}
		reads := []reading{d.viewer(id, &who)}
		if a.Manager.Valid() {
			reads = append(reads, d.profile(a.Manager, &manager))
		}
		if err := d.round(ctx, reads...); err != nil {
			return none, nil, err
		}
		after, err := mentoring.DecideAssign(who.Person, manager, a, only, now)
		if err != nil {
			return none, nil, err
		}
		if reflect.DeepEqual(who.Person, after) {
			return after, nil, nil
		}
		writes := append(d.profileWrites(who, after, 0), placing(who.Person, after)...)
		writes = append(writes, sure(after, manager)...)
		after.Version++
		return after, writes, nil
	})
}

// ProgrammeView is what a coordinator sees of a person (product.md section 8): what the programme holds of them, how reliable
// they were, whom they do not want to meet, and whether mail reaches them. That they do not want to meet the coordinator who
// looks is not among it.
type ProgrammeView struct {
	Person        mentoring.Person
	Strikes       []mentoring.Strike // that count
	CooldownUntil time.Time          // zero: they can book and publish
	Blocked       []mentoring.PersonID
	Mail          MailView
}

// Programme is what the programme holds of a person, for a coordinator: GET /v1/people/{id}/programme. It refuses with
// [mentoring.Forbidden] for everybody else, with [mentoring.NotFound] or with [mentoring.Busy].
func (d *Desk) Programme(ctx context.Context, c Caller, id mentoring.PersonID) (ProgrammeView, error) {
	who, err := d.enrolledFor(ctx, c, id)
	if err != nil {
		return read(ProgrammeView{}, err)
	}
	view := d.viewProgramme(who, c)
	view.Mail.Suppression, err = d.Suppression(ctx, who.Person.Email)
	return read(view, err)
}

// viewProgramme is what a coordinator sees of a person by profile and agenda.
func (d *Desk) viewProgramme(who mentoring.Viewer, c Caller) ProgrammeView {
	now := d.Now()
	blocked := who.Agenda.Blocked()
	if who.Person.ID != c.ID {
		blocked = slices.DeleteFunc(blocked, func(other mentoring.PersonID) bool { return other == c.ID })
	}
	return ProgrammeView{
		Person: who.Person, Strikes: who.Agenda.StrikesAt(d.Policy, now), CooldownUntil: who.Agenda.CooldownUntil(d.Policy, now),
		Blocked: blocked,
	}
}

// ResumeMail lets mail go to a person's address again, for a coordinator who knows that it is right by now: DELETE
// /v1/people/{id}/suppression. Where it does, that is a success too. It refuses with [mentoring.Forbidden] for everybody
// else, with [mentoring.NotFound] or with [mentoring.Busy].
func (d *Desk) ResumeMail(ctx context.Context, c Caller, id mentoring.PersonID) error {
	who, err := d.enrolledFor(ctx, c, id)
	if err == nil {
		err = d.LiftSuppression(ctx, who.Person.Email)
	}
	_, err = read(struct{}{}, err)
	return err
}

// enrolledFor reads somebody who enrolled, for a coordinator.
func (d *Desk) enrolledFor(ctx context.Context, c Caller, id mentoring.PersonID) (who mentoring.Viewer, err error) {
	switch {
	case !c.Coordinator:
		return who, mentoring.CoordinatorsOnly()
	case !id.Valid():
		return who, mentoring.Missing()
	}
	err = d.viewer(id, &who)(ctx)
	if err == nil && !who.Person.Enrolled() {
		err = mentoring.Missing()
	}
	return who, err
}

// reporting records to whom somebody reports, beside those they report to.
func reporting(who, before, after mentoring.PersonID) (writes []table.Write) {
	if before != "" {
		writes = append(writes, table.Drop(personKey(before, placeReport+string(who))))
	}
	if after != "" {
		writes = append(writes, table.Insert(record(personKey(after, placeReport+string(who)), 0, reportDoc{who})))
	}
	return writes
}

type reportDoc struct {
	Person mentoring.PersonID `json:"person"`
}

// reports are those who report to somebody.
func (d *Desk) reports(ctx context.Context, to mentoring.PersonID) (ids []mentoring.PersonID, err error) {
	places, err := d.keysOf(ctx, to, placeReport)
	for _, place := range places {
		ids = append(ids, mentoring.PersonID(place.SK[len(placeReport):]))
	}
	return ids, err
}

// keysOf are the keys of somebody's records whose places begin with a prefix.
func (d *Desk) keysOf(ctx context.Context, of mentoring.PersonID, prefix string) ([]table.Key, error) {
	return d.keysIn(ctx, personKey(of, "").PK, prefix)
}

// keysIn are the keys of the records in a partition whose places begin with a prefix.
func (d *Desk) keysIn(ctx context.Context, partition, prefix string) (keys []table.Key, err error) {
	from, end := table.Prefixed(prefix)
	r := table.Range{PK: partition, From: from, To: end, Limit: table.MaxGets}
	for {
		page, err := d.Table.Query(ctx, r)
		if err != nil {
			return nil, err
		}
		for _, found := range page.Records {
			keys = append(keys, found.Key)
			r.From = table.After(found.SK)
		}
		if !page.More || len(page.Records) == 0 {
			return slices.Clip(keys), nil
		}
	}
}
