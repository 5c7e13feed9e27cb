# The image holds one static binary, the CA certificates, an empty folder for the database and nothing else: no shell, no
# package manager, no zone files (they are in the binary). Build it with: docker build -t incident-bot --build-arg VERSION=v0.1.0 .

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=devel
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=${VERSION}" -o /out/incident-bot ./cmd/incident-bot \
    && mkdir -m 700 /out/data

FROM scratch
LABEL org.opencontainers.image.title="incident-bot" \
      org.opencontainers.image.description="Runs Grafana incidents from Slack" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/incident-bot /incident-bot
# What was received and is not done yet. A new volume takes over the owner of this folder.
COPY --from=build --chown=65532:65532 /out/data /data
ENV DATABASE_URL=sqlite:///data/incident-bot.db
VOLUME /data
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["/incident-bot", "healthcheck"]
ENTRYPOINT ["/incident-bot"]
