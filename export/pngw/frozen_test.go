package pngw_test

import "image/color"

var palette = color.Palette{color.Black, color.White, color.NRGBA{200, 20, 20, 255}, color.NRGBA{20, 20, 200, 100}}

// frozen holds what TestFrozen wants: a digest for each level.
var frozen = map[string][3]string{
	"alpha":    {"7123eec65fa49fcd", "09ef0acbad1a2a26", "9696ead24193270e"},
	"camera":   {"73175335e6f769ea", "0bbab979ee447227", "d898408d118a3006"},
	"drawing":  {"a63624581206cdba", "0a67b3e9bfa6a8ec", "1f709bf0c1ff66c7"},
	"flat":     {"7967b63cab9a7f3b", "3716f50005fd9102", "efbb60acc35ea8fe"},
	"gradient": {"38ba3c51ec1725ce", "8ad31a307e4bf24a", "b2c433c4304bff79"},
	"hatch":    {"e9b18f03c0beefe5", "1c011d220991c38e", "916f853eced19fb4"},
	"mixed":    {"eb850c9f3b580d10", "c3fa82c2fc777c86", "a1e76b85759bf4e4"},
	"noise":    {"ba21b5d5834bce49", "b44b1f877127e46a", "df64fb8a668e5982"},
	"photo":    {"c119522501abdec9", "d18d7538d5540584", "76a4cd1321bd32a6"},
}
