// Command smoke walks the main journey against a deployment, and takes back what it made: after a deployment it says whether
// people can publish, find, book and cancel.
//
//	make smoke URL=https://… TOKEN=… OTHER_TOKEN=…
//
// TOKEN is the bearer token of somebody who publishes a slot, OTHER_TOKEN that of somebody else, who books it. Without
// the second nothing is booked, and the last line says so. Whoever is not enrolled is enrolled and erased again at the
// end. The two get the mails of the journey; hardly anybody else notices, for the slot lies 170 days ahead, says what it is,
// and is cancelled within seconds.
package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"flashmentoring/infra/journey"
)

func main() {
	j := journey.Journey{
		URL: strings.TrimSuffix(os.Getenv("URL"), "/"), Out: os.Stdout, Now: time.Now,
		Client: &http.Client{Timeout: 30 * time.Second},
	}
	if j.URL == "" || os.Getenv("TOKEN") == "" {
		fmt.Fprintln(os.Stderr, "smoke: set URL and TOKEN, and OTHER_TOKEN to book as well")
		os.Exit(2)
	}
	if err := j.Walk(os.Getenv("TOKEN"), os.Getenv("OTHER_TOKEN")); err != nil {
		fmt.Fprintln(os.Stderr, "smoke: FAILED:", err)
		os.Exit(1)
	}
}
