// Command samtest holds the project to the AWS SAM CLI: the template is valid and builds, every sample in events/ gets the
// answer it should from its function under `sam local invoke`, and the main journey can be walked under `sam local start-api`.
//
//	make sam-test
//
// The functions run in containers, built for this machine's processor. What they need of AWS is the local cloud (infra/local)
// on DynamoDB Local: the table, the mail service and the issuer of tokens. What the SAM CLI does not emulate is done from
// here: the table's stream is read by the local cloud and brought to the mailer under `sam local start-lambda`. Tokens are
// checked by the function itself, since the SAM CLI passes over JWT authorizers.
//
// It needs the SAM CLI (`make sam-test` installs it), Docker Engine on Linux, Java 17 and npm. Where no Docker answers and
// it may, it starts one for as long as it runs. The containers' image is Amazon's; where that cannot be pulled it is a
// stand-in with nothing in it but a shell (image.go), and the output says so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"slices"
	"syscall"
	"time"

	"flashmentoring/internal/httpapi/contract"
	"flashmentoring/internal/samtemplate"
)

// options are how to run.
type options struct {
	program  string // the SAM CLI
	parallel int    // so many events at a time
	wanted   *regexp.Regexp
	serve    bool
}

func main() {
	var o options
	flag.StringVar(&o.program, "sam", "sam", "the SAM CLI")
	flag.IntVar(&o.parallel, "parallel", 2*runtime.NumCPU(), "how many events are invoked side by side")
	flag.BoolVar(&o.serve, "serve", false, "test nothing, and answer with sam local start-api until interrupted")
	only := flag.String("events", "", "a regular expression: invoke only the events whose names match it, such as ^pages/")
	flag.Parse()
	var err error
	if o.wanted, err = regexp.Compile(*only); err != nil {
		fmt.Fprintln(os.Stderr, "sam-test: -events:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sam-test: FAILED:", err)
		os.Exit(1)
	}
}

// run does it all, and says how long it took to get there.
func run(ctx context.Context, o options, out io.Writer) (err error) {
	began := time.Now()
	said := func(format string, values ...any) {
		fmt.Fprintf(out, "%5.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, values...))
	}
	template, err := samtemplate.Load("template.yaml")
	if err != nil {
		return err
	}
	docker, err := findEngine(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, docker.Close()) }()
	said("Docker Engine %s", docker.about)
	image, err := docker.image(ctx, template)
	if err != nil {
		return err
	}
	said("base image: %s", image.about)

	cli := samCLI{program: o.program, docker: docker.host, image: image}
	if err := cli.validate(ctx); err != nil {
		return err
	}
	said("sam validate --lint: ok")
	if err := cli.build(ctx); err != nil {
		return err
	}
	said("sam build: ok, for %s", architecture())
	around, err := surround(ctx, cli, docker)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, around.Close()) }()
	said("console, tokens and inbox: %s", around.cloud.URL())
	if o.serve {
		return serve(ctx, around, out)
	}

	samples, err := findSamples("events", template)
	if err != nil {
		return err
	}
	if samples = slices.DeleteFunc(samples, func(s sample) bool { return !o.wanted.MatchString(s.name) }); len(samples) == 0 {
		return fmt.Errorf("no event in events/ matches %s", o.wanted)
	}
	document, err := contract.Load("infra/openapi.yaml")
	if err != nil {
		return err
	}
	judge := judge{document: document, template: template, cloud: around.cloud, invoke: around.invoke, out: out}
	if err := judge.all(ctx, samples, o.parallel); err != nil {
		return err
	}
	said("sam local invoke: %d events are answered as they should be", len(samples))
	if err := walk(ctx, around, out); err != nil {
		return err
	}
	if around.delivered.Load() == 0 {
		return errors.New("the stream brought nothing to the mailer: the clock alone sent the mails")
	}
	said("sam local start-api: the journey ended well; sam local start-lambda: the mailer took %d events of the stream", around.delivered.Load())
	said("all is well, on %s", image.about)
	return nil
}

// serve answers until the context ends.
func serve(ctx context.Context, s *surroundings, out io.Writer) error {
	_, address, err := s.serve(ctx, "start-api")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe API answers at %s, by sam local start-api.\nStop with Ctrl+C.\n", address)
	<-ctx.Done()
	return nil
}
