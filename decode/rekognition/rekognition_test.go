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
		"unknown":        `{"SessionId":"x","Status":"SUCCEEDED","Feedback":[{"Code":"EYES_CLOSED_DETECTED"}],"Later":{}}`,
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
			got := fmt.Sprintln(answer.HTTPStatus, answer.RequestID, answer.Date, answer.Region, answer.AccessKeyID, answer.Attempts)
			want := "200 request-1 Tue, 29 Sep 2026 10:00:00 GMT eu-west-1 AKIDEXAMPLE 1\n"
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestFetchIncomplete(t *testing.T) {
	for _, body := range []string{"", "{}", "<html>", `{"SessionId":"x"}`, `{"Status":"SUCCEEDED"}`, `{"SessionId":1,"Status":2}`, "null", "[]"} {
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
		name     string
		reply    reply
		is       error
		text     string
		attempts int
	}{
		{"not found", failed(400, "SessionNotFoundException", "gone"), rekognition.ErrNotFound, "SessionNotFoundException: gone", 1},
		{"denied, no message", failed(400, "AccessDeniedException", ""), rekognition.ErrDenied, "AccessDeniedException", 1},
		{"name space", failed(400, "com.amazonaws.rekognition#InvalidParameterException", "m"), rekognition.ErrInvalid, "InvalidParameterException: m", 1},
		{"expired key", failed(400, "ExpiredTokenException", "m"), rekognition.ErrExpired, "ExpiredTokenException: m", 1},
		{"throttled", failed(400, "ThrottlingException", "Rate exceeded"), rekognition.ErrThrottled, "ThrottlingException: Rate exceeded", 3},
		{"provisioned", failed(400, "ProvisionedThroughputExceededException", "m"), rekognition.ErrThrottled, "ProvisionedThroughputExceededException: m", 3},
		{"internal", failed(500, "InternalServerError", "m"), rekognition.ErrService, "InternalServerError: m", 3},
		{"proxy", reply{status: 503, body: "<html>x</html>"}, rekognition.ErrService, "503", 3},
		{"moved", reply{status: 301, body: ""}, nil, "301", 1},
		{"no JSON", reply{status: 400, body: "what?"}, nil, "400", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, stub := serve(t, rekognition.Options{}, test.reply)
			answer, err := client.Fetch(t.Context(), id)
			failure, ok := errors.AsType[*rekognition.Error](err)
			if !ok || failure.Error() != test.text || failure.Attempts != test.attempts {
				t.Fatalf("got %v (%+v), want %s after %d attempts", err, failure, test.text, test.attempts)
			}
			if test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("got %v, want %v", err, test.is)
			}
			if answer == nil || string(answer.Body) != test.reply.body || answer.HTTPStatus != test.reply.status {
				t.Errorf("got answer %+v, want the last one", answer)
			}
			if stub.count != test.attempts {
				t.Errorf("got %d requests, want %d", stub.count, test.attempts)
			}
		})
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
	if len(lines) != 2 || !strings.Contains(lines[1], "attempt 2 of 3: HTTP status 200, 88 bytes, request id request-2") {
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
	tests := []struct {
		name    string
		replies []reply
		opts    rekognition.WaitOptions
		status  string
		is      error
	}{
		{"at once", []reply{ok(rekognition.Failed)}, quick, "FAILED", nil},
		{"later", []reply{ok(rekognition.Created), ok(rekognition.InProgress), ok(rekognition.Succeeded)}, quick, "SUCCEEDED", nil},
		{"through trouble", []reply{{drop: true}, {status: 500}, {status: 500}, {status: 500}, ok(rekognition.Expired)}, quick, "EXPIRED", nil},
		{"gone", []reply{ok(rekognition.Created), failed(400, "SessionNotFoundException", "")}, quick, "", rekognition.ErrNotFound},
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
