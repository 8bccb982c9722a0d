package mentoring

import "slices"

// Topic is one subject of the taxonomy; slots name a topic by its slug.
type Topic struct {
	Slug   string
	Label  string
	Parent string // slug of the topic above, or empty
	Status TopicStatus
}

// TopicStatus says whether a topic takes new slots.
type TopicStatus string

const (
	TopicActive TopicStatus = "active"
)

// StarterTopics is the taxonomy the product ships with: two levels, broad enough that a first expert
// finds a place, small enough to read at a glance.
var StarterTopics = []Topic{
	{"career", "Career", "", TopicActive},
	{"career-change", "Changing field or role", "career", TopicActive},
	{"first-job", "Starting out", "career", TopicActive},
	{"promotion", "Growing into the next role", "career", TopicActive},
	{"returning", "Coming back after a break", "career", TopicActive},
	{"interviews", "Interviews and applications", "career", TopicActive},
	{"leadership", "Leadership", "", TopicActive},
	{"first-time-manager", "Managing for the first time", "leadership", TopicActive},
	{"feedback", "Giving and taking feedback", "leadership", TopicActive},
	{"hiring", "Hiring", "leadership", TopicActive},
	{"difficult-conversations", "Difficult conversations", "leadership", TopicActive},
	{"engineering", "Engineering", "", TopicActive},
	{"software-design", "Software design", "engineering", TopicActive},
	{"cloud", "Cloud and operations", "engineering", TopicActive},
	{"security", "Security", "engineering", TopicActive},
	{"testing", "Testing and quality", "engineering", TopicActive},
	{"data", "Data", "", TopicActive},
	{"analytics", "Analytics", "data", TopicActive},
	{"machine-learning", "Machine learning", "data", TopicActive},
	{"product", "Product and design", "", TopicActive},
	{"user-research", "User research", "product", TopicActive},
	{"design-review", "Design review", "product", TopicActive},
	{"prioritisation", "Deciding what to build", "product", TopicActive},
	{"communication", "Communication", "", TopicActive},
	{"presenting", "Presenting", "communication", TopicActive},
	{"writing", "Writing", "communication", TopicActive},
	{"negotiation", "Negotiation", "communication", TopicActive},
	{"business", "Business", "", TopicActive},
	{"founding", "Founding a company", "business", TopicActive},
	{"sales", "Sales and customers", "business", TopicActive},
	{"finance", "Finance", "business", TopicActive},
	{"research", "Research", "", TopicActive},
	{"publishing", "Publishing and peer review", "research", TopicActive},
	{"grants", "Grants and funding", "research", TopicActive},
	{"wellbeing", "Work and life", "", TopicActive},
	{"work-life", "Balancing work and life", "wellbeing", TopicActive},
	{"belonging", "Belonging and inclusion", "wellbeing", TopicActive},
}

// KnownTopic reports whether a slot can be of the topic.
func KnownTopic(topics []Topic, slug string) bool {
	return slices.ContainsFunc(topics, func(t Topic) bool { return t.Slug == slug })
}
