// Package cloud is the local cloud: everything the product needs of AWS, in one process, around the handlers that are
// deployed.
//
//	client ──HTTP──▶ gateway ──event──▶ api ────▶ table ──stream──▶ mailer ──HTTP──▶ SES ──▶ inbox
//	                         ──event──▶ pages ──▶  ▲ ▲                               ▲ │
//	                                       clock ──┴─│────── every minute ───────────┘ │
//	                                                 └── mailevents ◀── bounces, complaints
//
// The functions are the same as in functions/: they get JSON events and return JSON, their environment is what
// template.yaml gives them, and they know nothing of where they run. Routes, batch sizes, filters and timeouts are read
// from template.yaml as well. Around them are a gateway (gateway.go), the engines of the table (engine.go) and its
// stream (package stream), an SES endpoint, an issuer of tokens (people.go), and one clock that can be moved ahead
// (clock.go, travel.go).
//
// For people there are a console, an inbox and the API reference; for programs the addresses below /_local
// (control.go). All of this signs in anybody as anybody, so it listens on this machine only, and it is no part of what
// is deployed.
package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"flashmentoring/infra/local/stream"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/identity/localissuer"
	"flashmentoring/internal/samtemplate"
)

// Cloud is a local cloud that runs. Its methods, but for Close, are safe for concurrent use.
type Cloud struct {
	config  Config
	root    string
	url     string
	port    int
	logFile string

	logOut    io.Writer
	log       *slog.Logger
	state     *state
	clock     *clock
	issuer    *localissuer.Issuer
	engine    *engine
	mapping   *stream.Mapping
	functions functions
	variables map[string]map[string]string // the functions' environments, by their ids
	desk      *desk.Desk
	mailbox   *mailbox
	sesState  atomic.Pointer[string] // by name; see states
	server    *server

	// open ends when no new work is to begin, and life when nothing is to run any more.
	open, life context.Context
	ready      atomic.Bool // the seeds are planted
	background sync.WaitGroup
	undo       []func() error // what Close does, last first

	travelling sync.Mutex // one journey at a time
	ticking    sync.Mutex
	swept      time.Time
}

// Start runs a local cloud, and returns when it answers and, in a new data folder, has its people and slots. It ends
// with [Cloud.Close], not with the context, which only limits the start. Errors say what to do about them; among them
// are [ErrInUse] and [ErrNoTemplate].
func Start(ctx context.Context, config Config) (*Cloud, error) {
	config.DataDir, config.Table = cmp.Or(config.DataDir, defaultDataDir), cmp.Or(config.Table, Bolt)
	c := &Cloud{config: config}
	c.sesState.Store(new("up"))
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Cloud) start(ctx context.Context) error {
	template, err := c.findTemplate()
	if err != nil {
		return err
	}
	if err := c.openData(); err != nil {
		return err
	}
	listeners, port, err := listen(c.config.Port)
	if err != nil {
		return err
	}
	c.port = port
	for _, l := range listeners {
		c.onClose(func() error { return ignoreClosed(l.Close()) })
	}
	c.url = fmt.Sprintf("http://localhost:%d", port)
	if err := c.openIssuer(); err != nil {
		return err
	}
	if err := c.wire(ctx, template); err != nil {
		return err
	}
	c.serve(listeners)
	return c.begin(ctx)
}

// findTemplate finds the project's folder and reads its template.
func (c *Cloud) findTemplate() (t *samtemplate.Template, err error) {
	if c.root = c.config.Root; c.root == "" {
		if c.root, err = findRoot("."); err != nil {
			return nil, err
		}
	}
	return samtemplate.Load(filepath.Join(c.root, templateFile))
}

// openData opens what is kept: the state, the clock and the log.
func (c *Cloud) openData() (err error) {
	if c.config.DataDir, err = filepath.Abs(c.config.DataDir); err != nil {
		return err
	}
	if c.config.Table == DynamoDBLocal { // what it keeps ends with it, so the rest is apart
		c.config.DataDir = filepath.Join(c.config.DataDir, string(DynamoDBLocal))
	}
	if c.state, err = openState(c.config.DataDir); err != nil {
		return err
	}
	c.onClose(c.state.close)
	if c.config.Table == DynamoDBLocal {
		if err := c.state.forget(); err != nil {
			return err
		}
	}
	if c.clock, err = newClock(c.state); err != nil {
		return err
	}
	if err := c.openLog(); err != nil {
		return err
	}
	c.mailbox, err = openMailbox(c.state, c.clock.Now, c.log)
	return err
}

const issuerPath = "/_local/issuer"

// openIssuer makes the issuer. Its name is part of who people are, so it stays what it was at the first start, whatever
// the port: the functions read its keys in memory.
func (c *Cloud) openIssuer() error {
	name, err := c.state.settingOr("issuer", fmt.Sprintf("http://%s:%d%s", cmp.Or(c.config.Host, "localhost"), c.port, issuerPath))
	if err != nil {
		return err
	}
	c.issuer, err = localissuer.LoadOrCreate(filepath.Join(c.config.DataDir, "issuer.json"), name, c.clock.Now)
	return err
}

// serve answers requests, and lets run what runs beside them.
func (c *Cloud) serve(listeners []net.Listener) {
	open, endOpen := context.WithCancel(context.Background())
	life, endLife := context.WithCancel(context.Background())
	c.open, c.life = open, life
	c.server.BaseContext = func(net.Listener) context.Context { return life }
	c.onClose(func() error { return c.stop(endOpen, endLife) })

	for _, l := range listeners {
		c.background.Go(func() { _ = c.server.Serve(l) }) // until the server is shut down
	}
	c.background.Go(func() { c.mapping.Run(life) })
	c.background.Go(func() {
		if err := c.engine.read(life); err != nil {
			c.log.Error("the mailer is not woken any more", "error", err)
		}
	})
}

// begin plants the seeds in a new data folder, and lets the clock tick.
func (c *Cloud) begin(ctx context.Context) error {
	const planted = "planted"
	if c.state.setting(planted) == "" {
		if err := c.plantUnlessEmpty(ctx); err != nil {
			return err
		}
		if err := c.state.set(planted, stamp(c.Now())); err != nil {
			return err
		}
	}
	c.ready.Store(true)
	c.background.Go(c.tickOn)
	return nil
}

func (c *Cloud) plantUnlessEmpty(ctx context.Context) error {
	if c.config.Empty {
		return nil
	}
	if err := c.plant(ctx, seeds); err != nil {
		return err
	}
	return c.Idle(ctx)
}

// URL is where the local cloud answers: "http://localhost:3000".
func (c *Cloud) URL() string { return c.url }

// Now is the time in the local cloud.
func (c *Cloud) Now() time.Time { return c.clock.Now() }

// Welcome is what to tell whoever started the program.
func (c *Cloud) Welcome() string {
	text := fmt.Sprintf(`
Flash mentoring runs on this machine.

  Console        %[1]s
  Inbox          %[1]s/_local/inbox
  API reference  %[1]s/docs/
  Table          %[2]s
  Data and log   %[3]s

`, c.url, c.config.Table.describe(), c.config.DataDir)
	if ahead := c.clock.Ahead(); ahead > 0 {
		text += fmt.Sprintf("The clock is %s ahead, as you left it. To begin anew, stop and delete the data folder.\n", span(ahead))
	}
	return text + "Stop with Ctrl+C.\n"
}

// Close stops taking requests, lets those under way and their mails come to an end, and closes everything. A second
// call does nothing.
func (c *Cloud) Close() error {
	var all []error
	for _, undo := range slices.Backward(c.undo) {
		all = append(all, undo())
	}
	c.undo = nil
	return errors.Join(all...)
}

func (c *Cloud) onClose(undo func() error) { c.undo = append(c.undo, undo) }

// patience is how long Close waits for requests and mails under way.
const patience = 5 * time.Second

func (c *Cloud) stop(endOpen, endLife context.CancelFunc) error {
	endOpen()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := c.server.stop(ctx)
	_ = c.Idle(ctx) // what is left, the clock finds at the next start
	endLife()
	c.background.Wait()
	return err
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
