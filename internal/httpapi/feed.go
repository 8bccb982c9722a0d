package httpapi

import (
	"time"

	"flashmentoring/internal/lambdahttp"
)

// feedBody is where calendar programs find the sessions of the caller. Whoever has the address can read them.
type feedBody struct {
	URL string `json:"url"`
}

// feedExpires is when the address of a feed runs out. Nobody looks after a subscription, so it is further off than any of
// them will live; and it is the same for all, so that the address is the same however often it is asked for.
var feedExpires = time.Date(2100, time.January, 1, 0, 0, 0, 0, time.UTC)

// getFeed is GET /v1/me/calendar.
func (a *api) getFeed(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	generation, err := a.Desk.FeedGeneration(c.Context(), c.caller.ID)
	return a.feedAnswer(c, generation, err)
}

// rotateFeed is POST /v1/me/calendar/rotate.
func (a *api) rotateFeed(c *call) (answer, error) {
	once, err := c.bare()
	if err != nil {
		return answer{}, err
	}
	generation, err := a.Desk.RotateFeed(c.Context(), c.caller, once)
	return a.feedAnswer(c, generation, err)
}

// feedAnswer is the address of that generation, where the caller reached this API: api and pages are behind one gateway.
func (a *api) feedAnswer(c *call, generation int64, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	path, err := a.Links.Feed(string(c.caller.ID), generation, feedExpires)
	if err != nil {
		return answer{}, err
	}
	return found(feedBody{lambdahttp.Origin(c.Request) + path}), nil
}
