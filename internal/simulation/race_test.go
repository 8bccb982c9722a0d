//go:build race

package simulation_test

// The race detector makes each seed many times slower, and what it looks for depends little on the seed. So a few are played
// with it, and no controls; make test plays a thousand, and the controls, without it.
const (
	seedsByDefault = 8
	sameSeeds      = 2
)
