package mail

import (
	"iter"
	"maps"

	"flashmentoring/internal/mentoring"
)

// Kinds are those that there are words for.
func Kinds() iter.Seq[mentoring.NoticeKind] { return maps.Keys(kinds) }
