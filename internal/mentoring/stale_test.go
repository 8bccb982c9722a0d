package mentoring_test

import (
	"fmt"
	"hash/fnv"
)

// stale makes about half of the records those of an earlier time; salt says which half.
func stale[K comparable, V any](present, past map[K]V, salt uint32) {
	keys := map[K]bool{}
	for key := range present {
		keys[key] = true
	}
	for key := range past {
		keys[key] = true
	}
	for key := range keys {
		h := fnv.New32a()
		fmt.Fprint(h, key, salt)
		if h.Sum32()%2 == 0 {
			continue
		}
		if old, ok := past[key]; ok {
			present[key] = old
		} else {
			delete(present, key)
		}
	}
}
