/**
 * Files that come with every protobuf compiler, so that nobody has to put them beside his own.
 * Kong brings them too.
 */
export const KNOWN_FILES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    any: 'message Any { string type_url = 1; bytes value = 2; }',
    duration: 'message Duration { int64 seconds = 1; int32 nanos = 2; }',
    empty: 'message Empty {}',
    field_mask: 'message FieldMask { repeated string paths = 1; }',
    struct: `
      message Struct { map<string, Value> fields = 1; }
      message Value {
        oneof kind {
          NullValue null_value = 1;
          double number_value = 2;
          string string_value = 3;
          bool bool_value = 4;
          Struct struct_value = 5;
          ListValue list_value = 6;
        }
      }
      message ListValue { repeated Value values = 1; }
      enum NullValue { NULL_VALUE = 0; }`,
    timestamp: 'message Timestamp { int64 seconds = 1; int32 nanos = 2; }',
    wrappers: `
      message DoubleValue { double value = 1; }
      message FloatValue { float value = 1; }
      message Int64Value { int64 value = 1; }
      message UInt64Value { uint64 value = 1; }
      message Int32Value { int32 value = 1; }
      message UInt32Value { uint32 value = 1; }
      message BoolValue { bool value = 1; }
      message StringValue { string value = 1; }
      message BytesValue { bytes value = 1; }`,
  }).map(([name, text]) => [
    `google/protobuf/${name}.proto`,
    `syntax = "proto3"; package google.protobuf; ${text}`,
  ]),
)
