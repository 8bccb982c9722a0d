package mentoring

import (
	"slices"
	"time"
)

// Task is something the requester sets out to do after a session: an action of product.md section 7. It is theirs; one that
// the expert proposes is nobody's until the requester accepts it.
type Task struct {
	ID     TaskID     `json:"id"`
	Kind   TaskKind   `json:"kind"`
	Text   string     `json:"text"`
	DueOn  Day        `json:"dueOn,omitzero"`
	Status TaskStatus `json:"status"`
	By     Role       `json:"by"`
	// Surveyed: it is the next step of the requester's survey, and follows that.
	Surveyed bool      `json:"surveyed,omitzero"`
	At       time.Time `json:"at"` // when it changed last
	// Proposal is what the expert proposed, once the requester has made something of it.
	Proposal Proposal `json:"proposal,omitzero"`
}

// Proposal is a task in the words of the expert. What becomes of it is the requester's own (product.md section 8).
type Proposal struct {
	Kind  TaskKind  `json:"kind"`
	Text  string    `json:"text"`
	DueOn Day       `json:"dueOn,omitzero"`
	At    time.Time `json:"at"`
}

// proposal is what the expert proposed.
func (t Task) proposal() Proposal {
	if t.Proposal.At.IsZero() {
		return Proposal{t.Kind, t.Text, t.DueOn, t.At}
	}
	return t.Proposal
}

// TaskKind says what kind of thing it is.
type TaskKind string

const OtherTask TaskKind = "other"

// TaskKinds are all there are.
var TaskKinds = []TaskKind{
	"meet_someone", "informational_interview", "shadowing", "assessment", "course", "project", "forum", "practice", OtherTask,
}

// TaskStatus is what became of it.
type TaskStatus string

const (
	TaskProposed TaskStatus = "proposed" // by the expert, and the requester has not said yes
	TaskOpen     TaskStatus = "open"
	TaskDone     TaskStatus = "done"
	TaskDropped  TaskStatus = "dropped"
)

// TaskStatuses are those somebody can give a task.
var TaskStatuses = []TaskStatus{TaskOpen, TaskDone, TaskDropped}

const (
	maxTasks    = 20 // by each side, so that neither learns how many the other has
	maxTaskText = 300
	// maxTaskAhead is how far ahead a task may be due.
	maxTaskAhead = 366 * 24 * time.Hour
	// nudgeHour is when on its day the requester is reminded of a task, where they are.
	nudgeHour = 9
)

// Tasks are those of one booking, in the order in which they were set.
type Tasks struct {
	Booking BookingID `json:"booking"`
	Tasks   []Task    `json:"tasks"`
	Version int64     `json:"-"`
}

// Task is one of them.
func (t Tasks) Task(id TaskID) (Task, bool) {
	i := t.index(func(task Task) bool { return task.ID == id })
	if i < 0 {
		return Task{}, false
	}
	return t.Tasks[i], true
}

func (t Tasks) index(match func(Task) bool) int { return slices.IndexFunc(t.Tasks, match) }

// by are those that one side set.
func (t Tasks) by(role Role) []Task {
	return slices.DeleteFunc(slices.Clone(t.Tasks), func(task Task) bool { return task.By != role })
}

// proposed are those that the expert proposed, as they did so: neither what the requester made of them, nor how often they
// changed any. The version is that of this list, to which one thing happens only, that it grows.
func (t Tasks) proposed() Tasks {
	t.Tasks = t.by(Expert)
	for i, task := range t.Tasks {
		p := task.proposal()
		t.Tasks[i] = Task{ID: task.ID, Kind: p.Kind, Text: p.Text, DueOn: p.DueOn, Status: TaskProposed, By: Expert, At: p.At}
	}
	t.Version = int64(len(t.Tasks))
	return t
}

// AddTask is the command of POST /v1/bookings/{id}/actions.
type AddTask struct {
	Kind  TaskKind
	Text  string
	DueOn Day // or empty
}

// Faults are the field rules that the command breaks.
func (a AddTask) Faults() []Fault {
	var f faults
	one(&f, "/kind", a.Kind, TaskKinds)
	f.text("/text", a.Text, 1, maxTaskText)
	if a.DueOn != "" {
		f.day("/dueOn", a.DueOn)
	}
	return f
}

// DecideAddTask adds a task to those of a booking whose session has begun: the requester's own, or one that the expert
// proposes until the booking closes. It refuses with [NotFound] for strangers, [InvalidTransition] or [InvalidField].
func DecideAddTask(p Papers, by Person, a AddTask, id TaskID, now time.Time) (Changes, error) {
	b := p.Booking
	role, ok := b.RoleOf(by.ID)
	if !ok {
		return Changes{}, Missing()
	}
	wrong := faults(a.Faults())
	if len(wrong) == 0 {
		wrong.ahead("/dueOn", a.DueOn, by, now)
	}
	if err := wrong.err(); err != nil {
		return Changes{}, err
	}
	if !b.begun(now) || role == Expert && !now.Before(b.EndsAt().Add(SurveyWindow)) {
		return Changes{}, b.invalid(role, now)
	}
	if len(p.Tasks.by(role)) >= maxTasks {
		wrong.add("", TooLong, "You can have set %d actions at most for a booking.", maxTasks)
		return Changes{}, wrong.err()
	}
	task := Task{ID: id, Kind: a.Kind, Text: a.Text, DueOn: a.DueOn, Status: TaskOpen, By: role, At: now}
	if role == Expert {
		task.Status = TaskProposed
	}
	r := review(p.Booking, now)
	r.put(p, by, Task{}, task)
	return r.done(), nil
}

// ReviseTask is the command of PATCH /v1/bookings/{id}/actions/{actionId}. What is nil stays as it is.
type ReviseTask struct {
	Kind   *TaskKind
	Text   *string
	DueOn  *Day // empty: on no day
	Status *TaskStatus
}

// Faults are the field rules that the command breaks.
func (c ReviseTask) Faults() []Fault {
	var f faults
	if c.Kind != nil {
		one(&f, "/kind", *c.Kind, TaskKinds)
	}
	if c.Text != nil {
		f.text("/text", *c.Text, 1, maxTaskText)
	}
	if c.DueOn != nil && *c.DueOn != "" {
		f.day("/dueOn", *c.DueOn)
	}
	if c.Status != nil {
		one(&f, "/status", *c.Status, TaskStatuses)
	}
	return f
}

// DecideReviseTask changes a task for the requester, whose it is: a proposed one is theirs once they open it, or drop it.
// only is the version of the tasks it was decided on, nil for any. It refuses with [NotFound] for strangers, and where there
// is no such task; [Forbidden] for the expert, [InvalidTransition] for giving a proposed one another text before it is
// accepted, [InvalidField] or [VersionConflict].
func DecideReviseTask(p Papers, by Person, id TaskID, c ReviseTask, only *int64, now time.Time) (Changes, error) {
	if err := p.Booking.requesterOnly(by.ID); err != nil {
		return Changes{}, err
	}
	before, ok := p.Tasks.Task(id)
	if !ok {
		return Changes{}, Missing()
	}
	wrong := faults(c.Faults())
	if len(wrong) == 0 && c.DueOn != nil && *c.DueOn != before.DueOn {
		wrong.ahead("/dueOn", *c.DueOn, by, now)
	}
	if err := wrong.err(); err != nil {
		return Changes{}, err
	}
	after := before
	assign(&after.Kind, c.Kind)
	assign(&after.Text, c.Text)
	assign(&after.DueOn, c.DueOn)
	assign(&after.Status, c.Status)
	switch {
	case after == before:
		return Changes{}, nil // also where it is the same request, once more
	case only != nil && *only != p.Tasks.Version:
		return Changes{}, Stale(p.Tasks.Version)
	case after.Status == TaskProposed:
		return Changes{}, invalidState("action", string(TaskProposed), nil)
	}
	after.At, after.Surveyed = now, before.Surveyed && after.Text == before.Text
	if before.By == Expert {
		after.Proposal = before.proposal()
	}
	r := review(p.Booking, now)
	r.put(p, by, before, after)
	return r.done(), nil
}

// put stores a task in place of what it was, the zero task for a new one, and plans the reminder of its day.
func (r *reviewing) put(p Papers, by Person, before, after Task) {
	tasks := p.Tasks
	tasks.Booking, tasks.Tasks = p.Booking.ID, slices.Clone(tasks.Tasks)
	if i := tasks.index(func(t Task) bool { return t.ID == after.ID }); i < 0 {
		tasks.Tasks = append(tasks.Tasks, after)
	} else {
		tasks.Tasks[i] = after
	}
	r.out.Tasks = []Tasks{tasks}
	r.announce(Event{Kind: TasksChanged})
	if after.Status != TaskOpen || after.DueOn == "" || before.Status == TaskOpen && before.DueOn == after.DueOn {
		return
	}
	if due := after.DueOn.At(nudgeHour, by.zone()); due.After(r.now) { // else it is today, and they have just thought of it
		r.announce(Event{Kind: TaskDue, Task: after.ID, Day: after.DueOn})
		r.out.Events[len(r.out.Events)-1].At = due
	}
}

// setOut makes the next step of a survey a task of the requester's, or changes the one it made before while that is open.
func (r *reviewing) setOut(p Papers, by Person, a Answers, id TaskID) {
	text, day := a.text(NextStep), a[NextStepOn].Day
	i := p.Tasks.index(func(t Task) bool { return t.Surveyed })
	switch {
	case i >= 0 && p.Tasks.Tasks[i].Status == TaskOpen:
		before := p.Tasks.Tasks[i]
		after := before
		after.Text, after.DueOn, after.At = orElse(text, before.Text), day, r.now
		if text == "" {
			after.DueOn, after.Status = before.DueOn, TaskDropped
		}
		if after.Text != before.Text || after.DueOn != before.DueOn || after.Status != before.Status {
			r.put(p, by, before, after)
		}
	case i < 0 && text != "" && len(p.Tasks.by(Requester)) < maxTasks:
		r.put(p, by, Task{}, Task{ID: id, Kind: OtherTask, Text: text, DueOn: day, Status: TaskOpen, By: Requester, Surveyed: true, At: r.now})
	}
}

// ahead checks that a day is neither past, where the person is, nor too far ahead.
func (f *faults) ahead(pointer string, d Day, who Person, now time.Time) {
	today, last := DayOf(now, who.zone()), DayOf(now.Add(maxTaskAhead), who.zone())
	if d != "" && (d < today || d > last) {
		f.add(pointer, OutOfRange, "Must be %s to %s.", today, last)
	}
}

// zone is where the person is, UTC where that is not known.
func (p Person) zone() *time.Location {
	if zone, err := Zone(p.Profile.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}

// nudge reminds the requester of a task on its day, if it is still to be done then.
func (n News) nudge(b Booking) []Notice {
	task, ok := n.Papers[b.ID].Tasks.Task(n.Event.Task)
	if !ok || task.Status != TaskOpen || task.DueOn != n.Event.Day {
		return nil
	}
	notice := n.notice(b, Requester)
	notice.Task = task
	return []Notice{notice.of(ActionDue, CalendarNone)}
}
