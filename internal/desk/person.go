package desk

import (
	"context"
	"reflect"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Me returns the caller: their profile, or what their token says while they have none. It refuses with
// [mentoring.Busy].
func (d *Desk) Me(ctx context.Context, c Caller) (mentoring.Person, error) {
	var me standing
	err := d.round(ctx, d.self(c, Once{}, &me))
	return read(me.Person.At(d.Now()), err)
}

// Enrol makes the caller's profile what they ask for: PUT /v1/me. With ifMatch it changes only that
// version of it (0: only if there is none). A profile that already is as asked is left as it is, so the
// same request can safely come twice. It refuses with [mentoring.InvalidField],
// [mentoring.VersionConflict] or [mentoring.Busy].
func (d *Desk) Enrol(ctx context.Context, c Caller, e mentoring.Enrolment, ifMatch *int64) (mentoring.Person, error) {
	now := d.Now()
	return transact(ctx, d, func(ctx context.Context) (none mentoring.Person, _ []table.Write, err error) {
		var me standing
		if err := d.round(ctx, d.self(c, Once{}, &me)); err != nil {
			return none, nil, err
		}
		before := me.stored
		after, err := mentoring.DecideEnrol(before, c.Email, e, now)
		if err != nil {
			return none, nil, err
		}
		if before.Enrolled() && reflect.DeepEqual(before, after) {
			return before, nil, nil
		}
		if ifMatch != nil && *ifMatch != before.Version {
			return none, nil, mentoring.Stale(before.Version)
		}
		writes := []table.Write{put(profileRecord(after))}
		if before.Enrolled() && !reflect.DeepEqual(mentoring.HostFrom(before), mentoring.HostFrom(after)) {
			writes = append(writes, d.announce(mentoring.Event{Kind: mentoring.PersonChanged, At: now, Person: c.ID}))
		}
		after.Version++
		return after, writes, nil
	})
}
