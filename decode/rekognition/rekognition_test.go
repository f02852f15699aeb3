package rekognition_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/lvtool/lvtool/decode/rekognition"
)

// TestFetchKeepsBody holds that the body is what was sent, digit for digit, whatever the SDK thinks of it.
func TestFetchKeepsBody(t *testing.T) {
	bodies := map[string]string{
		"numbers":        `{"SessionId":"x","Status":"SUCCEEDED","Confidence":97.50,"n":1e400}`,
		"unknown":        `{"SessionId":"x","Status":"SUCCEEDED","Feedback":[{"Code":"EYES_CLOSED"}],"Later":{}}`,
		"wrong types":    `{"SessionId":"x","Status":"SUCCEEDED","Confidence":"high","AuditImages":7}`,
		"space and BOMs": " {\"SessionId\":\"x\",\"Status\":\"FAILED\"}\r\n",
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			client, _ := serve(t, rekognition.Options{}, reply{
				status: 200, body: body,
				header: map[string]string{"Date": "Tue, 29 Sep 2026 10:00:00 GMT"},
			})
			answer, err := client.Fetch(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if string(answer.Body) != body {
				t.Errorf("got %q, want %q", answer.Body, body)
			}
			got := fmt.Sprintln(answer.HTTPStatus, answer.RequestID, answer.Date, answer.Region, answer.AccessKeyID,
				answer.Attempts)
			want := "200 request-1 Tue, 29 Sep 2026 10:00:00 GMT eu-west-1 AKIDEXAMPLE 1\n"
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestFetchIncomplete(t *testing.T) {
	for _, body := range []string{
		"", "{}", "<html>", `{"SessionId":"x"}`, `{"Status":"SUCCEEDED"}`, `{"SessionId":1,"Status":2}`, "null", "[]",
	} {
		client, _ := serve(t, rekognition.Options{}, reply{status: 200, body: body})
		answer, err := client.Fetch(t.Context(), id)
		if !errors.Is(err, rekognition.ErrIncomplete) {
			t.Errorf("%q: got %v, want ErrIncomplete", body, err)
		}
		if answer == nil || string(answer.Body) != body {
			t.Errorf("%q: got answer %v, want the body", body, answer)
		}
	}
}

func TestFetchErrors(t *testing.T) {
	tests := []struct {
		name          string
		status        int
		code, message string
		is            error
		attempts      int
	}{
		{"not found", 400, "SessionNotFoundException", "gone", rekognition.ErrNotFound, 1},
		{"denied, no message", 400, "AccessDeniedException", "", rekognition.ErrDenied, 1},
		{"name space", 400, "com.amazonaws.rekognition#InvalidParameterException", "m", rekognition.ErrInvalid, 1},
		{"expired key", 400, "ExpiredTokenException", "m", rekognition.ErrExpired, 1},
		{"throttled", 400, "ThrottlingException", "Rate exceeded", rekognition.ErrThrottled, 3},
		{"provisioned", 400, "ProvisionedThroughputExceededException", "m", rekognition.ErrThrottled, 3},
		{"internal", 500, "InternalServerError", "m", rekognition.ErrService, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := test.code[strings.LastIndexByte(test.code, '#')+1:]
			if test.message != "" {
				text += ": " + test.message
			}
			checkFailure(t, failed(test.status, test.code, test.message), test.is, text, test.attempts)
		})
	}
	t.Run("proxy", func(t *testing.T) {
		checkFailure(t, reply{status: 503, body: "<html>x</html>"}, rekognition.ErrService, "503", 3)
	})
	t.Run("moved", func(t *testing.T) { checkFailure(t, reply{status: 301}, nil, "301", 1) })
	t.Run("no JSON", func(t *testing.T) { checkFailure(t, reply{status: 400, body: "what?"}, nil, "400", 1) })
}

// checkFailure holds what Fetch makes of a reply that is not a success.
func checkFailure(t *testing.T, r reply, is error, text string, attempts int) {
	t.Helper()
	client, stub := serve(t, rekognition.Options{}, r)
	answer, err := client.Fetch(t.Context(), id)
	failure, ok := errors.AsType[*rekognition.Error](err)
	if !ok || failure.Error() != text || failure.Attempts != attempts {
		t.Fatalf("got %v (%+v), want %s after %d attempts", err, failure, text, attempts)
	}
	if is != nil && !errors.Is(err, is) {
		t.Errorf("got %v, want %v", err, is)
	}
	if answer == nil || string(answer.Body) != r.body || answer.HTTPStatus != r.status {
		t.Errorf("got answer %+v, want the last one", answer)
	}
	if stub.count != attempts {
		t.Errorf("got %d requests, want %d", stub.count, attempts)
	}
}

func TestFetchRecovers(t *testing.T) {
	for name, first := range map[string]reply{
		"throttled": failed(400, "ThrottlingException", "m"),
		"503":       {status: 503, body: "<html>"},
		"dropped":   {drop: true},
		"cut":       {status: 200, body: `{"SessionId":"x"`, cut: true},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := serve(t, rekognition.Options{}, first, ok(rekognition.Succeeded))
			answer, err := client.Fetch(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if answer.Attempts != 2 || !answer.Ended() {
				t.Errorf("got %+v, want the second answer", answer)
			}
		})
	}
}

// TestFetchManyFailures holds that the hundredth failing request is still tried three times: the
// SDK's own quota would be used up.
func TestFetchManyFailures(t *testing.T) {
	client, stub := serve(t, rekognition.Options{}, failed(500, "InternalServerError", "m"))
	for range 120 {
		if _, err := client.Fetch(t.Context(), id); !errors.Is(err, rekognition.ErrService) {
			t.Fatalf("got %v, want ErrService", err)
		}
	}
	if stub.count != 360 {
		t.Errorf("got %d requests, want 360", stub.count)
	}
}

func TestFetchTransport(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	client, _ := serve(t, rekognition.Options{}, reply{drop: true})
	cut, _ := serve(t, rekognition.Options{}, reply{status: 200, body: "{", cut: true})
	fast := rekognition.Options{MaxBackoff: time.Millisecond}
	for _, test := range []struct {
		name   string
		client *rekognition.Client
		reason rekognition.Reason
	}{
		{"refused", rekognition.New(config(closed.URL), fast), rekognition.Unreachable},
		{"unknown host", rekognition.New(config("http://no-such-host.invalid"), fast), rekognition.Unreachable},
		{"certificate", rekognition.New(config(secure.URL), fast), rekognition.Untrusted},
		{"dropped", client, rekognition.Closed},
		{"cut", cut, rekognition.Closed},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer, err := test.client.Fetch(t.Context(), id)
			failure, ok := errors.AsType[*rekognition.TransportError](err)
			if !ok || failure.Reason != test.reason || answer != nil {
				t.Fatalf("got %v, want a TransportError: %s", err, test.reason)
			}
			if failure.Attempts == 0 || failure.Endpoint == "" {
				t.Errorf("got %+v, want attempts and an endpoint", failure)
			}
		})
	}
}

func TestFetchDeadline(t *testing.T) {
	client, _ := serve(t, rekognition.Options{}, reply{silent: 10 * time.Second, status: 200})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := client.Fetch(ctx, id); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the deadline", err)
	}
}

func TestFetchUnsigned(t *testing.T) {
	s := &stub{t: t, replies: []reply{ok(rekognition.Expired)}}
	server := httptest.NewServer(s)
	defer server.Close()
	cfg := config(server.URL)
	cfg.Credentials = aws.AnonymousCredentials{}
	answer, err := rekognition.New(cfg, rekognition.Options{}).Fetch(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if answer.AccessKeyID != "" {
		t.Errorf("got key %q, want none", answer.AccessKeyID)
	}
}

func TestTrace(t *testing.T) {
	var lines []string
	trace := func(line string) { lines = append(lines, line) }
	client, _ := serve(t, rekognition.Options{Trace: trace}, reply{drop: true}, reply{
		status: 200, body: `{"SessionId":"x","Status":"SUCCEEDED","ReferenceImage":{"Bytes":"c2VjcmV0IHBpY3R1cmU="}}`,
	})
	if _, err := client.Fetch(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(lines, "\n")
	const want = "attempt 2 of 3: HTTP status 200, 88 bytes, request id request-2"
	if len(lines) != 2 || !strings.Contains(lines[1], want) {
		t.Errorf("got %q", got)
	}
	for _, secret := range []string{"c2VjcmV0", secret, key} {
		if strings.Contains(got, secret) {
			t.Errorf("got %q, want nothing of %q", got, secret)
		}
	}
}

func TestWait(t *testing.T) {
	quick := rekognition.WaitOptions{First: time.Millisecond, Max: 2 * time.Millisecond, Timeout: 5 * time.Second}
	bad, gone := reply{status: 500}, failed(400, "SessionNotFoundException", "")
	tests := []struct {
		name    string
		replies []reply
		opts    rekognition.WaitOptions
		status  string
		is      error
	}{
		{"at once", []reply{ok(rekognition.Failed)}, quick, "FAILED", nil},
		{"later", []reply{ok("CREATED"), ok("IN_PROGRESS"), ok("SUCCEEDED")}, quick, "SUCCEEDED", nil},
		{"through trouble", []reply{{drop: true}, bad, bad, bad, ok("EXPIRED")}, quick, "EXPIRED", nil},
		{"gone", []reply{ok("CREATED"), gone}, quick, "", rekognition.ErrNotFound},
		{
			"never",
			[]reply{ok(rekognition.InProgress)},
			rekognition.WaitOptions{First: time.Millisecond, Timeout: 50 * time.Millisecond},
			"IN_PROGRESS", rekognition.ErrNotEnded,
		},
		{
			"silent",
			[]reply{{silent: time.Second, status: 200}},
			rekognition.WaitOptions{Timeout: 20 * time.Millisecond},
			"", rekognition.ErrNotEnded,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, _ := serve(t, rekognition.Options{}, test.replies...)
			answer, err := client.Wait(t.Context(), id, test.opts)
			if !errors.Is(err, test.is) {
				t.Fatalf("got %v, want %v", err, test.is)
			}
			status := ""
			if answer != nil {
				_, status = answer.Session()
			}
			if status != test.status {
				t.Errorf("got %q, want %q", status, test.status)
			}
		})
	}
}

func TestWaitCancelled(t *testing.T) {
	client, _ := serve(t, rekognition.Options{}, ok(rekognition.Created))
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := client.Wait(ctx, id, rekognition.WaitOptions{First: time.Hour}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}
