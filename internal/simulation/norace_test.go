//go:build !race

package simulation_test

const (
	// seedsByDefault is how many seeds a plain go test plays, and sameSeeds how many of them twice.
	seedsByDefault = 200
	sameSeeds      = 8
)
