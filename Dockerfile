# The program, alone: one static binary that runs as nobody in an empty image.
# There is no PostgreSQL in it, so it is run with --nats and --database, as
# docker-compose.yml does.
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/roster ./cmd/roster
RUN mkdir /out/data && echo 'roster:x:65532:65532::/data:/' > /out/passwd

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/passwd /etc/passwd
COPY --from=build /out/roster /roster
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/roster"]
CMD ["serve", "--data", "/data", "--listen", ":8080"]
