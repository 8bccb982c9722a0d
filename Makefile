# What people do with this project. `make` alone lists it.

GO ?= go
# The processor the functions are built for: arm64 (the default of template.yaml) or amd64.
GOARCH_LAMBDA ?= arm64
FUNCTIONS := api pages mailer clock mailevents

# Tools, pinned. They run from the module cache and leave go.mod alone.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.8.0
PYTHON_TOOLS := cfn-lint==1.40.4 aws-sam-translator==1.115.0 openapi-spec-validator==0.9.0
SAM_CLI := aws-sam-cli==1.170.0

# The race detector needs a C compiler.
RACE := $(if $(shell command -v cc || command -v gcc),-race)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## start everything locally, seeded, on http://localhost:3000 (PORT=, DATA_DIR=, TABLE=dynamodb-local)
	@$(GO) run ./infra/local

.PHONY: demo
demo: ## play five weeks of a programme in about a minute, in a folder of its own, and look at them: /_local/report
	@rm -rf .local/demo && DEMO=on DATA_DIR=.local/demo RATE_WRITES_PER_MINUTE=60000 RATE_READS_PER_MINUTE=60000 $(GO) run ./infra/local

.PHONY: test
test: ## run all tests; with Java 17, npm and Chromium also on the real DynamoDB Local and in a browser
	@$(if $(RACE),,echo "make test: no C compiler found, so the race detector is off (install gcc)")
	@for tool in java npm; do command -v $$tool >/dev/null || \
		echo "make test: no $$tool found, so nothing is tested on DynamoDB Local (install Java 17 and npm)"; done
	@test -x .tools/bin/python || echo "make test: the template is not translated, so what SAM makes of it is not tested (make documents)"
	@command -v chromium >/dev/null && command -v npm >/dev/null || \
		echo "make test: no chromium or no npm found, so no page is tested in a browser (install both)"
	$(GO) test -timeout 40m $(RACE) ./...
	SEEDS=1000 $(GO) test -timeout 20m ./internal/simulation

.PHONY: proof
proof: ## show what is promised of reliability and security, in full: a row each, hours in all (ONLY="R1 R7", SEEDS=, FUZZTIME=)
	$(GO) run ./infra/proof $(ONLY)

.PHONY: check
check: format vet staticcheck tidy imports documents vulnerabilities ## everything a reviewer should not have to look for

.PHONY: format
format:
	@unformatted=$$(gofmt -l functions internal infra); test -z "$$unformatted" || { echo "gofmt -w these:"; echo "$$unformatted"; exit 1; }

.PHONY: vet
vet:
	$(GO) vet ./...

.PHONY: staticcheck
staticcheck:
	$(GO) run $(STATICCHECK) ./...

.PHONY: tidy
tidy:
	$(GO) mod tidy -diff

.PHONY: imports
imports: # the import table, and spec = routes = template
	$(GO) test ./internal/ ./internal/samtemplate
	$(GO) test -run 'Routes|Code' ./internal/httpapi

.PHONY: documents
documents: .tools/installed
	.tools/bin/cfn-lint template.yaml
	.tools/bin/openapi-spec-validator infra/openapi.yaml
	REQUIRE_SAM=1 $(GO) test ./infra/stack

.tools/installed: Makefile
	@command -v python3 >/dev/null || { echo "make check: python3 is missing; it runs cfn-lint"; exit 1; }
	python3 -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check $(PYTHON_TOOLS)
	@touch $@

# The vulnerability database lies on the public internet. Without a way there nothing is known, and this
# says so; REQUIRE_VULNDB=1 makes that a failure.
.PHONY: vulnerabilities
vulnerabilities:
	@out=$$($(GO) run $(GOVULNCHECK) ./... 2>&1); status=$$?; echo "$$out"; \
	case "$$out" in *"fetching vulnerabilities"*) \
		echo "govulncheck: NOT CHECKED, the vulnerability database cannot be reached from here"; \
		test -z "$$REQUIRE_VULNDB";; \
	*) exit $$status;; esac

# What a build is called in its log lines: the same for the same source. Go's own stamp (-buildvcs) has the time in it too.
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null)

# Binaries for provided.al2023: static, stripped, without paths of the machine that built them, so that the
# same source gives the same file anywhere. lambda.norpc leaves out the client of the retired go1.x runtime.
BUILD = CGO_ENABLED=0 GOOS=linux GOARCH=$(GOARCH_LAMBDA) $(GO) build -trimpath -buildvcs=false -tags lambda.norpc \
	-ldflags '-s -w -buildid= -X flashmentoring/internal/telemetry.build=$(VERSION)'

.PHONY: build
build: ## build the functions into .aws-sam/bin (GOARCH_LAMBDA=amd64 for x86_64)
	@for f in $(FUNCTIONS); do $(BUILD) -o .aws-sam/bin/$$f/bootstrap ./functions/$$f || exit 1; done
	@ls -l .aws-sam/bin/*/bootstrap | awk '{printf "%6.1f MB  %s\n", $$5/1e6, $$9}'

# `sam build` calls these, because of BuildMethod: makefile in template.yaml.
.PHONY: build-ApiFunction build-PagesFunction build-MailerFunction build-ClockFunction build-MailEventsFunction
build-ApiFunction build-PagesFunction build-MailerFunction build-ClockFunction build-MailEventsFunction: build-%Function:
	$(BUILD) -o $(ARTIFACTS_DIR)/bootstrap ./functions/$$(echo $* | tr A-Z a-z)

.PHONY: sam-test
sam-test: .tools/sam/installed ## hold template and functions to the SAM CLI (Docker on Linux, Java 17, npm; EVENTS=regexp)
	$(GO) run ./infra/samtest -sam .tools/sam/bin/sam -events '$(value EVENTS)'

.PHONY: sam-run
sam-run: .tools/sam/installed ## answer with `sam local start-api`, beside the local cloud's table, mail and tokens
	$(GO) run ./infra/samtest -sam .tools/sam/bin/sam -serve

.tools/sam/installed: Makefile
	@command -v python3 >/dev/null || { echo "python3 is missing; the SAM CLI is made of it"; exit 1; }
	python3 -m venv .tools/sam
	.tools/sam/bin/pip install --quiet --disable-pip-version-check $(SAM_CLI)
	@touch $@

.PHONY: bench
bench: ## measure speed and cost beside their limits, in one table; some minutes (ONLY=P4)
	@$(GO) run ./infra/bench $(if $(ONLY),-only $(ONLY))

.PHONY: bench-keep
bench-keep: ## measure what requests and mails are made of, and keep that as what `make bench` compares with
	@$(GO) run ./infra/bench -keep

.PHONY: bench-cold
bench-cold: ## measure how the functions start, beside the smallest function there can be (STARTS=)
	$(GO) run ./infra/coldstart -starts $(or $(STARTS),30)

# Each target for so long. What one finds it leaves below testdata/fuzz, where go test runs it ever after.
FUZZTIME ?= 20s
.PHONY: fuzz
fuzz: ## run every fuzz target for a time each (FUZZTIME=20s, FUZZ= part of a name)
	@for package in $$(grep -rl '^func Fuzz' --include='*_test.go' internal | xargs -n 1 dirname | sort -u); do \
		for target in $$(grep -hoE '^func Fuzz[A-Za-z]*$(FUZZ)[A-Za-z]*' $$package/*_test.go | cut -c 6-); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) ./$$package || exit 1; \
		done; \
	done

.PHONY: smoke
smoke: ## walk the main journey against a deployment, and clean up (URL=, TOKEN=, OTHER_TOKEN=)
	@URL='$(URL)' TOKEN='$(TOKEN)' OTHER_TOKEN='$(OTHER_TOKEN)' $(GO) run ./infra/smoke

.PHONY: clean
clean: ## remove local data, builds and tools
	rm -rf .local .aws-sam .tools
