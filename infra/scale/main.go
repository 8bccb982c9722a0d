// Command scale works out what a million slots a day need: capacity, the busiest keys, functions at work, mails, limits and
// money. What each use case costs comes from the table of costs in internal/README.md, which tests hold to the code; what
// people do in a day, and what AWS allows and charges, are assumptions, and stand in the document.
//
//	go run ./infra/scale > infra/SCALE.md
package main

import (
	"log"
	"os"

	"flashmentoring/internal/benchmarks"
)

func main() {
	log.SetFlags(0)
	costs, err := benchmarks.Costs("internal/README.md")
	if err != nil {
		log.Fatal(err)
	}
	d, err := newDay(costs)
	if err != nil {
		log.Fatal(err)
	}
	if err := d.write(os.Stdout); err != nil {
		log.Fatal(err)
	}
}
