package httpapi

import "flashmentoring/internal/mentoring"

// topicBody is a topic (product.md section 4).
type topicBody struct {
	Slug   string                `json:"slug"`
	Label  string                `json:"label"`
	Parent string                `json:"parent,omitzero"`
	Status mentoring.TopicStatus `json:"status"`
}

func (a *api) listTopics(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	all := page[topicBody]{Items: make([]topicBody, len(a.Desk.Topics))}
	for i, t := range a.Desk.Topics {
		all.Items[i] = topicBody(t)
	}
	return found(all), nil
}
