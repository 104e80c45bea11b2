"""What else a request of OpenAI's dialect may say, as far as nothing is to be done for it.

Source: https://platform.openai.com/docs/api-reference/chat/create, as of the client's release
3.57, and what vLLM and llama.cpp take beside that.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

NoPenalty = Annotated[float, Field(ge=0, le=0)]
NoItems = Annotated[list[Any], Field(max_length=0)]
NoEntries = Annotated[dict[str, Any], Field(max_length=0)]
NoTool = Literal["none", "auto"]
PlainText = dict[Literal["type"], Literal["text"]]


class IgnoredFields(BaseModel):
    """Each may also be null. A description is what an error says of the field."""

    model_config = ConfigDict(extra="ignore")

    # Of no consequence for an answer here.
    model: Any = None
    stream_options: dict[str, Any] | None = None
    user: Any = None
    metadata: Any = None
    store: Any = None
    service_tier: Any = None
    safety_identifier: Any = None
    prompt_cache_key: Any = None
    prompt_cache_options: Any = None
    prompt_cache_retention: Any = None
    prediction: Any = None
    parallel_tool_calls: Any = None
    tool_prompt: Any = None
    reasoning_effort: str | None = None

    # Only where they ask for what there is in any case.
    n: Annotated[int, Field(ge=1, le=1)] | None = Field(None, description="1 answer at a time.")
    best_of: Annotated[int, Field(ge=1, le=1)] | None = Field(
        None, description="1 answer at a time."
    )
    tools: NoItems | None = Field(None, description="models call no tools: an empty list.")
    functions: NoItems | None = Field(None, description="models call no tools: an empty list.")
    tool_choice: NoTool | None = Field(
        None, description='models call no tools: "none", or "auto" where there are none.'
    )
    function_call: NoTool | None = Field(
        None, description='models call no tools: "none", or "auto" where there are none.'
    )
    response_format: PlainText | None = Field(None, description='{"type": "text"}.')
    modalities: list[Literal["text"]] | None = Field(None, description='["text"].')
    audio: None = Field(None, description="answers are text: null.")
    web_search_options: None = Field(None, description="nothing is looked up: null.")
    moderation: None = Field(None, description="nothing is moderated: null.")
    logit_bias: NoEntries | None = Field(None, description="no token is favoured: {}.")
    logprobs: Literal[False] | None = Field(None, description="probabilities are not told: false.")
    top_logprobs: Annotated[int, Field(ge=0, le=0)] | None = Field(
        None, description="probabilities are not told: 0."
    )
    presence_penalty: NoPenalty | None = Field(
        None, description='0; "repetition_penalty" makes repetition rarer here.'
    )
    frequency_penalty: NoPenalty | None = Field(
        None, description='0; "repetition_penalty" makes repetition rarer here.'
    )
    ignore_eos: Literal[False] | None = Field(None, description="an answer ends where it ends.")
    echo: Literal[False] | None = Field(None, description="answers are what is new: false.")
    use_beam_search: Literal[False] | None = Field(None, description="false.")
    skip_special_tokens: Literal[True] | None = Field(None, description="answers have none: true.")
    spaces_between_special_tokens: Any = None
    include_stop_str_in_output: Literal[False] | None = Field(
        None, description="an answer ends before it: false."
    )
    add_generation_prompt: Literal[True] | None = Field(None, description="true.")
    continue_final_message: Literal[False] | None = Field(None, description="false.")
    stop_token_ids: NoItems | None = Field(None, description='texts in "stop": an empty list.')
    bad_words: NoItems | None = Field(None, description="nothing is forbidden: an empty list.")
    min_tokens: NoPenalty | None = Field(None, description="0.")
    length_penalty: Annotated[float, Field(ge=1, le=1)] | None = Field(None, description="1.")
    cache_prompt: Any = None
    priority: Any = None
    request_id: Any = None
    detokenize: Literal[True] | None = Field(None, description="answers are text: true.")
    typical_p: Annotated[float, Field(ge=1, le=1)] | None = Field(None, description="1.")
    top_a: NoPenalty | None = Field(None, description="0.")
    mirostat: NoPenalty | None = Field(None, description="0.")
    documents: NoItems | None = Field(None, description="messages alone: an empty list.")
    guided_choice: NoItems | None = Field(None, description="any answer: an empty list.")
    safe_prompt: Literal[False] | None = Field(None, description="no message is added: false.")
    thinking: dict[Literal["type"], Literal["disabled"]] | None = Field(
        None, description='{"type": "disabled"}.'
    )
    enable_thinking: Literal[False] | None = Field(None, description="false.")
    include_reasoning: Literal[False] | None = Field(None, description="false.")
    return_token_ids: Literal[False] | None = Field(None, description="tokens are not told: false.")
    return_tokens_as_token_ids: Literal[False] | None = Field(
        None, description="tokens are not told: false."
    )
    extra_body: NoEntries | None = Field(None, description="fields by their names: {}.")
    extra_headers: NoEntries | None = Field(None, description="headers as headers: {}.")
    extra_query: NoEntries | None = Field(None, description="no address takes any: {}.")
    verbosity: Literal["medium"] | None = Field(None, description='"medium".')
    min_p: NoPenalty | None = Field(None, description='0; "top_p" leaves unlikely tokens out here.')
    chat_template_kwargs: NoEntries | None = Field(None, description="templates as they are: {}.")
