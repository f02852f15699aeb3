package awscli

// SkeletonJSON and SkeletonYAML are what --generate-cli-skeleton prints for the input.
const (
	SkeletonJSON = "{\n    \"SessionId\": \"\"\n}\n"
	SkeletonYAML = "SessionId: ''  # [REQUIRED] A unique 128-bit UUID.\n"
)

// SkeletonOutput is why --generate-cli-skeleton output prints nothing, code 252: the sample that
// the CLI makes up for this operation does not pass the CLI's own check of it.
func SkeletonOutput() error {
	const types = "type: <class 'NoneType'>, valid types: <class 'bytes'>, <class 'bytearray'>, file-like object"
	return validationError(
		"Invalid length for parameter SessionId, value: 9, valid min length: 36",
		"Invalid type for parameter ReferenceImage.Bytes, value: None, "+types,
		"Invalid type for parameter AuditImages[0].Bytes, value: None, "+types,
	)
}
