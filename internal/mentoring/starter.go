package mentoring

// StarterTopics is the taxonomy the product ships with: two levels, broad enough that a first expert
// finds a place, small enough to read at a glance.
var StarterTopics = Taxonomy{
	shipped("career", "Career", ""),
	shipped("career-change", "Changing field or role", "career"),
	shipped("first-job", "Starting out", "career"),
	shipped("promotion", "Growing into the next role", "career"),
	shipped("returning", "Coming back after a break", "career"),
	shipped("interviews", "Interviews and applications", "career"),
	shipped("leadership", "Leadership", ""),
	shipped("first-time-manager", "Managing for the first time", "leadership"),
	shipped("feedback", "Giving and taking feedback", "leadership"),
	shipped("hiring", "Hiring", "leadership"),
	shipped("difficult-conversations", "Difficult conversations", "leadership"),
	shipped("engineering", "Engineering", ""),
	shipped("software-design", "Software design", "engineering"),
	shipped("cloud", "Cloud and operations", "engineering"),
	shipped("security", "Security", "engineering"),
	shipped("testing", "Testing and quality", "engineering"),
	shipped("data", "Data", ""),
	shipped("analytics", "Analytics", "data"),
	shipped("machine-learning", "Machine learning", "data"),
	shipped("product", "Product and design", ""),
	shipped("user-research", "User research", "product"),
	shipped("design-review", "Design review", "product"),
	shipped("prioritisation", "Deciding what to build", "product"),
	shipped("communication", "Communication", ""),
	shipped("presenting", "Presenting", "communication"),
	shipped("writing", "Writing", "communication"),
	shipped("negotiation", "Negotiation", "communication"),
	shipped("business", "Business", ""),
	shipped("founding", "Founding a company", "business"),
	shipped("sales", "Sales and customers", "business"),
	shipped("finance", "Finance", "business"),
	shipped("research", "Research", ""),
	shipped("publishing", "Publishing and peer review", "research"),
	shipped("grants", "Grants and funding", "research"),
	shipped("wellbeing", "Work and life", ""),
	shipped("work-life", "Balancing work and life", "wellbeing"),
	shipped("belonging", "Belonging and inclusion", "wellbeing"),
}

func shipped(slug, label, parent string) Topic {
	return Topic{Slug: slug, Label: label, Parent: parent, Status: TopicActive}
}
