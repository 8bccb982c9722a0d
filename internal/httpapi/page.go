package httpapi

import (
	"maps"

	"flashmentoring/internal/desk"
)

// page is a list as clients get it.
type page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"nextCursor,omitzero"`
}

// all is a list of everything there is.
func all[V, T any](items []V, show func(V) T) page[T] {
	shown := page[T]{Items: make([]T, len(items))}
	for i, v := range items {
		shown.Items[i] = show(v)
	}
	return shown
}

// paging says which page of a list a request asks for.
type paging struct {
	limit  int
	cursor string
	// belongsTo is what a cursor is bound to: the caller, the route, and the query but for where in the list and how far.
	belongsTo []byte
}

func (q *query) paging(c *call) paging {
	filters := maps.Clone(q.values)
	filters.Del("limit")
	filters.Del("cursor")
	bound := fingerprint(string(c.caller.ID), c.route.String(), filters.Encode())
	cursor, _ := q.take("cursor")
	return paging{q.limit(), cursor, bound[:]}
}

// answerPage answers with the page of a list that fetch finds behind a place.
func answerPage[V, T any](
	a *api, p paging, fetch func(after string, limit int) (desk.List[V], error), show func(V) T,
) (answer, error) {
	after, err := a.cursors.open(p.cursor, p.belongsTo)
	if err != nil {
		return answer{}, err
	}
	list, err := fetch(after, p.limit)
	if err != nil {
		return answer{}, err
	}
	shown := all(list.Items, show)
	shown.NextCursor = a.cursors.seal(list.Next, p.belongsTo)
	return found(shown), nil
}
