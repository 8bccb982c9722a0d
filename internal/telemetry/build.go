package telemetry

// build is what of the source this program was made from, as `git describe` names it: "v1.2.0-3-g1a2b3c4". It is "" where
// nobody said. The Makefile sets it when it links.
var build string
