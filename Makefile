# The help of this file is its comments: "make" prints each target with the line above it.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2 -checks inherit,-ST1005
FUZZTIME ?= 15s
BENCHTIME ?= 1s
IMAGE ?= incident-bot

.DEFAULT_GOAL := help
.PHONY: help build demo test race lint generate fuzz bench image ci clean

# Print this help.
help:
	@awk '/^# /{doc=substr($$0,3);next} /^[a-z]+:/{if(doc!=""){split($$1,t,":");printf "  make %-10s %s\n",t[1],doc}} {doc=""}' $(MAKEFILE_LIST)

# Build the static binary, dist/incident-bot.
build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o dist/incident-bot ./cmd/incident-bot

# Try the whole bot here: simulated Slack, simulated Grafana, no account, no network.
demo:
	go run ./cmd/incident-bot demo

# Run all tests.
test:
	go test ./...

# Run all tests with the race detector.
race:
	go test -race ./...

# Check format, vet and staticcheck. The rules of the house are tests: go test ./cmd/incident-bot/rules
lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go test ./cmd/incident-bot/rules

# Write again what is made from code: the Slack manifest and the tables and the transcript of the README.
generate:
	go generate ./...

# Fuzz each target for FUZZTIME (15s).
fuzz:
	FUZZTIME=$(FUZZTIME) .ci/fuzz

# Run every benchmark for BENCHTIME (1s).
bench:
	go test -run '^$$' -bench . -benchtime $(BENCHTIME) ./...

# Build the container image.
image:
	docker build -t $(IMAGE) --build-arg VERSION=$(VERSION) .

# Run what CI runs.
ci:
	.ci/run

# Remove what was built.
clean:
	rm -rf dist
