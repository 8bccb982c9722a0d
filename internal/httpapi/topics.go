package httpapi

import (
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// topicBody is a topic (product.md section 4).
type topicBody struct {
	Slug       string                `json:"slug"`
	Label      string                `json:"label"`
	Parent     string                `json:"parent,omitzero"`
	Status     mentoring.TopicStatus `json:"status"`
	MergedInto string                `json:"mergedInto,omitzero"`
	OpenSlots  int                   `json:"openSlots"`
	Version    int64                 `json:"version"`
}

func topicFrom(v desk.TopicView) topicBody {
	return topicBody{v.Slug, v.Label, v.Parent, v.Status, v.MergedInto, v.OpenSlots, v.Version}
}

// listTopics is GET /v1/topics: a list without pages, as there are few.
func (a *api) listTopics(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	topics, err := a.Desk.TopicList(c.Context())
	if err != nil {
		return answer{}, err
	}
	return found(all(topics, topicFrom)), nil
}

// topicsFor are the topics, where something is wrong with a request already and its client is to hear of all that is. Otherwise
// the use case reads them, in a round it makes anyway.
func (a *api) topicsFor(c *call, in *input) (mentoring.Taxonomy, error) {
	if in.unreadable != nil || len(in.faults) == 0 {
		return nil, nil
	}
	return a.Desk.Taxonomy(c.Context())
}

// curateBody is the body of PUT /v1/topics/{slug}.
type curateBody struct {
	Label      string                 `json:"label"`
	Parent     *string                `json:"parent"`
	Status     *mentoring.TopicStatus `json:"status"`
	MergedInto *string                `json:"mergedInto"`
}

func (b curateBody) curate(slug string, in *input) mentoring.Curate {
	return mentoring.Curate{
		Slug: slug, Label: b.Label, Parent: optional(in, "/parent", b.Parent), Status: optional(in, "/status", b.Status),
		MergedInto: optional(in, "/mergedInto", b.MergedInto),
	}
}

// putTopic is PUT /v1/topics/{slug}.
func (a *api) putTopic(c *call) (answer, error) {
	if !c.caller.Coordinator { // before anything is said of what was sent
		return answer{}, mentoring.CoordinatorsOnly()
	}
	in := c.read()
	in.query().end()
	match := in.ifMatch()
	var body curateBody
	in.body(&body)
	curate := body.curate(c.PathValue("slug"), in)
	topics, err := a.topicsFor(c, in)
	if err != nil {
		return answer{}, err
	}
	if err := in.refusal(func() []mentoring.Fault { return curate.Normal().Faults(topics) }); err != nil {
		return answer{}, err
	}
	only, err := match.only(func() (int64, error) {
		topics, err := a.Desk.Taxonomy(c.Context())
		t, _ := topics.Find(curate.Slug)
		return t.Version, err
	})
	if err != nil {
		return answer{}, err
	}
	view, err := a.Desk.Curate(c.Context(), c.caller, curate, only)
	if err != nil {
		return answer{}, err
	}
	return versioned(topicFrom(view), view.Version), nil
}
