package main

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// patient sends a request again when the server has said that there were too many, after as long as it asks for, up to maxSent times in all.
type patient struct{}

// maxSent is enough for a server that takes commands again after a second.
const maxSent = 10

// RoundTrip implements [http.RoundTripper].
func (patient) RoundTrip(request *http.Request) (*http.Response, error) {
	for sent := 1; ; sent++ {
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err != nil || answer.StatusCode != http.StatusTooManyRequests || sent == maxSent {
			return answer, err
		}
		seconds, unsaid := strconv.Atoi(answer.Header.Get("Retry-After"))
		if unsaid != nil {
			return answer, nil //nolint:nilerr // it does not say how long, so whoever asked gets the answer
		}
		_ = answer.Body.Close() // it is not read
		select {
		case <-time.After(time.Duration(seconds) * time.Second):
		case <-request.Context().Done():
			return nil, request.Context().Err()
		}
		if request.GetBody == nil {
			continue
		}
		body, err := request.GetBody()
		if err != nil {
			return nil, fmt.Errorf("send the request again: %w", err)
		}
		request = request.Clone(request.Context()) // a transport does not change what it is given
		request.Body = body
	}
}
