// What the providers' public references show of their requests and answers, in their own shapes.
import { AGAIN, ASKED, answered, chatRow, HELLO, HI, picture, SYSTEM, USAGE } from './row-parts.ts'

/** Chats with the clouds, both ways. */
export const cloudChats = [
  chatRow({
    name: 'gemini',
    asked: {
      ...ASKED,
      messages: [
        SYSTEM,
        {
          role: 'user',
          content: [{ type: 'text', text: 'Look' }, picture('data:image/png;base64,iVBOR')],
        },
        HI,
        { role: 'user', content: [picture('https://a.test/b.png')] },
        { role: 'assistant', tool_calls: [{ function: { name: 'f' } }] },
        { role: 'tool', name: 'f', content: '7' },
      ],
      stop: ['x'],
      tools: [{ type: 'function', function: { name: 'f' } }],
    },
    sent: {
      url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-1.5%2Fx:generateContent',
      headers: { 'accept-encoding': 'identity' },
      body: {
        contents: [
          {
            role: 'user',
            parts: [{ text: 'Look' }, { inlineData: { data: 'iVBOR', mimeType: 'image/png' } }],
          },
          { role: 'model', parts: [{ text: 'Hi' }] },
          {
            role: 'user',
            parts: [{ fileData: { fileUri: 'https://a.test/b.png', mimeType: 'image/generic' } }],
          },
          { role: 'function', parts: [{ function_call: { name: 'f' } }] },
          {
            role: 'function',
            parts: [{ function_response: { response: { content: ['7'] }, name: 'f' } }],
          },
        ],
        systemInstruction: { parts: [{ text: 'Be kind.' }] },
        generationConfig: { maxOutputTokens: 7, temperature: 0.5, stopSequences: ['x'] },
        tools: [{ function_declarations: [{ name: 'f' }] }],
      },
    },
    answer: {
      candidates: [
        {
          content: { role: 'model', parts: [{ text: 'Hi ' }, { text: 'there' }] },
          finishReason: 'STOP',
        },
      ],
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
    },
    mapped: answered({ model: 'gemini-1.5/x', usage: USAGE }),
  }),
  chatRow({
    name: 'gemini vertex',
    asked: { messages: [HELLO] },
    sent: {
      url: 'https://eu.aiplatform.test/v1/projects/p/locations/l/publishers/google/models/gemini-1.5:generateContent',
      body: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }], generationConfig: {} },
    },
    answer: {
      candidates: [{ content: { parts: [{ functionCall: { name: 'f', args: { a: 1 } } }] } }],
    },
    mapped: {
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            tool_calls: [{ function: { name: 'f', arguments: '{"a":1}' }, type: 'function' }],
          },
        },
      ],
      object: 'chat.completion',
      model: 'gemini-1.5',
    },
  }),
  chatRow({
    name: 'bedrock',
    asked: { ...ASKED, top_p: 0.1, bedrock: { toolConfig: { tools: [] } } },
    sent: {
      url: 'https://bedrock-runtime.eu-west-1.amazonaws.com/model/meta.llama3%3A0/converse',
      headers: { 'x-amz-date': '20231114T221320Z' },
      body: {
        anthropic_version: 'bedrock-2023-05-31',
        messages: [HELLO, HI, AGAIN].map(({ role, content }) => ({
          role,
          content: [{ text: content }],
        })),
        system: [{ text: 'Be kind.' }],
        inferenceConfig: { maxTokens: 7, temperature: 0.5, topP: 0.1 },
        toolConfig: { tools: [] },
      },
    },
    answer: {
      output: { message: { role: 'assistant', content: [{ text: 'Hi there' }] } },
      stopReason: 'STOP',
      usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
    },
    mapped: answered({ model: 'meta.llama3:0', usage: USAGE }),
  }),
  chatRow({
    name: 'bedrock',
    asked: {
      messages: [
        HELLO,
        {
          role: 'assistant',
          content: 'I call',
          tool_calls: [
            { id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
          ],
        },
        { role: 'tool', tool_call_id: 't1', content: '7' },
      ],
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: {} } }],
      guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' },
    },
    sent: {
      url: 'https://bedrock-runtime.eu-west-1.amazonaws.com/model/meta.llama3%3A0/converse',
      body: {
        anthropic_version: 'bedrock-2023-05-31',
        messages: [
          { role: 'user', content: [{ text: 'Hello' }] },
          {
            role: 'assistant',
            content: [
              { text: 'I call' },
              { toolUse: { toolUseId: 't1', name: 'f', input: { a: 1 } } },
            ],
          },
          {
            role: 'user',
            content: [{ toolResult: { toolUseId: 't1', content: [{ text: '7' }] } }],
          },
        ],
        inferenceConfig: {},
        toolConfig: {
          tools: [{ toolSpec: { name: 'f', description: 'd', inputSchema: { json: {} } } }],
        },
        guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' },
      },
    },
    answer: {
      output: {
        message: {
          role: 'assistant',
          content: [{ toolUse: { toolUseId: 't2', name: 'f', input: { a: 2 } } }],
        },
      },
      stopReason: 'tool_use',
      usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
    },
    mapped: answered(
      { model: 'meta.llama3:0', usage: USAGE },
      {
        message: {
          role: 'assistant',
          tool_calls: [
            { id: 't2', type: 'function', function: { name: 'f', arguments: '{"a":2}' } },
          ],
        },
        finish_reason: 'tool_use',
      },
    ),
  }),
  chatRow({
    name: 'huggingface',
    sent: {
      url: 'https://api-inference.huggingface.co/models/org/m/v1/chat/completions',
      body: {
        messages: ASKED.messages,
        options: { use_cache: true, wait_for_model: false },
        parameters: { temperature: 0.5, max_lenght: 7 },
        model: 'org/../m',
      },
    },
    answer: { ...answered({ usage: USAGE }), model: 'x' },
    mapped: answered(
      { usage: USAGE, model: 'org/../m' },
      { message: { content: 'Hi there' }, finish_reason: 'complete' },
    ),
  }),
]
