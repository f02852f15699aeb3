package e2e

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/lvtool/lvtool/internal/need"
	"github.com/lvtool/lvtool/internal/rekstub"
)

const rekognitionRegion = "eu-west-1"

// rekognitionService is a service that checks signatures. The session picks the
// answer; one that it does not know is not found.
func rekognitionService(t *testing.T, answers map[string]string) string {
	t.Helper()
	check := rekstub.Check{
		Keys:   aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "hush"},
		Region: rekognitionRegion,
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session := check.Request(t, r)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-Requestid", "00000000-0000-4000-8000-000000000000")
		answer, known := answers[session]
		switch {
		case !known:
			w.WriteHeader(http.StatusBadRequest)
			answer = `{"__type":"SessionNotFoundException","Message":"Session not found."}`
		case strings.HasPrefix(answer, "!"): // a status, a space, and the body
			status, body, _ := strings.Cut(answer[1:], " ")
			code, err := strconv.Atoi(status)
			if err != nil {
				t.Error(err)
			}
			w.WriteHeader(code)
			answer = body
		case strings.Contains(answer, "__type"):
			w.WriteHeader(http.StatusBadRequest)
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// beside runs a program as fetch or the call of the AWS CLI.
func beside(t *testing.T, program []string, args ...string) ran {
	t.Helper()
	models, err := filepath.Abs(filepath.Join("testdata", "aws"))
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), program[0], append(slices.Clone(program[1:]), args...)...)
	cmd.Env = []string{
		"HOME=" + home, "USERPROFILE=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8",
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=hush", "AWS_REGION=" + rekognitionRegion,
		"AWS_DEFAULT_REGION=" + rekognitionRegion, "AWS_EC2_METADATA_DISABLED=true", "AWS_MAX_ATTEMPTS=2",
		"AWS_DATA_PATH=" + models, "AWS_CONFIG_FILE=" + home + "/none",
	}
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err = cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return ran{out.String(), complaints.String(), cmd.ProcessState.ExitCode()}
}

// The AWS CLI of this machine and fetch ask the same service, which checks their
// signatures, and print the same. Version 1 differs in exit codes and knows no
// YAML.
func TestFetchBesideAWSCLI(t *testing.T) {
	t.Parallel()
	client := []string{need.Program(t, "aws"), "rekognition", "get-face-liveness-session-results"}
	version := beside(t, client[:1], "--version").stdout
	v2 := strings.HasPrefix(version, "aws-cli/2")
	t.Log(version)
	name, err := program()
	if err != nil {
		t.Fatal(err)
	}
	picture := base64.StdEncoding.EncodeToString(pixel(t, 1))
	url := rekognitionService(t, map[string]string{
		sessionID(1): fmt.Sprintf(`{"Status":"SUCCEEDED","SessionId":%q,"Confidence":97.30000305175781,`+
			`"ReferenceImage":{"BoundingBox":{"Top":0.25,"Left":-0.07,"Height":1e-7,"Width":0.5},"Bytes":%q},`+
			`"AuditImages":[{"S3Object":{"Bucket":"b","Name":"é/日本.jpg","Version":"v"}},{}],`+
			`"Challenge":{"Type":"FaceMovementChallenge","Version":"1.0.0"}}`, sessionID(1), picture),
		sessionID(2): fmt.Sprintf(`{"SessionId":%q,"Status":"CREATED","AuditImages":[]}`, sessionID(2)),
		sessionID(3): `{"__type":"AccessDeniedException","Message":"not you"}`,
	})
	for _, tt := range []struct {
		id   string
		args []string
	}{
		{sessionID(1), nil},
		{sessionID(1), []string{"--output", "text"}},
		{sessionID(1), []string{"--output", "table"}},
		{sessionID(1), []string{"--query", "[Confidence, AuditImages[].S3Object.Name, Nothing]"}},
		{sessionID(1), []string{"--output", "yaml"}},
		{sessionID(2), []string{"--no-paginate"}},
		{sessionID(3), nil},
		{sessionID(4), nil},
		{"short", nil},
	} {
		if !v2 && slices.Contains(tt.args, "yaml") {
			continue
		}
		args := append([]string{"--session-id", tt.id, "--endpoint-url", url}, tt.args...)
		want, got := beside(t, client, args...), beside(t, []string{name, "fetch"}, args...)
		if got.stdout != want.stdout {
			t.Errorf("%q: got\n%s\nthe AWS CLI prints\n%s\n%s", args, got.stdout, want.stdout, want.stderr)
		}
		if (got.code == 0) != (want.code == 0) || v2 && got.code != want.code {
			t.Errorf("%q: got exit code %d, the AWS CLI has %d", args, got.code, want.code)
		}
		if v2 && got.stderr != want.stderr {
			t.Errorf("%q: got standard error %q, the AWS CLI says %q", args, got.stderr, want.stderr)
		}
	}
}
