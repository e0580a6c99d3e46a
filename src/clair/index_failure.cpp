#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/index.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::clair {

namespace {

struct Row {
    std::string_view text; ///< in the body of the error
    IndexFailure failure;
    ErrorKind kind;
    std::string_view message; ///< "" keeps Clair's own
    std::string_view remedy;
};

// In the order in which they are tried: the first text that occurs decides.
constexpr Row table[] = {
    {"mappingFile",
     IndexFailure::permanent,
     ErrorKind::config,
     "Clair cannot load its repository-to-CPE mapping, so it indexes nothing",
     "set indexer.scanner.repo.rhel-repository-scanner.repo2cpe_mapping_file in Clair's "
     "configuration"},
    {"disallowed by policy",
     IndexFailure::permanent,
     ErrorKind::config,
     "Clair may not reach the registry (indexer.airgap)",
     "--layer-host FROM=TO names the registry as Clair reaches it"},
    {"\"401 ",
     IndexFailure::credentials,
     ErrorKind::denied,
     "the registry refuses Clair the layers",
     "the credential must be able to pull; a registry without tokens needs --allow-basic-to-clair"},
    {"\"403 ",
     IndexFailure::credentials,
     ErrorKind::denied,
     "the registry refuses Clair the layers",
     "the credential must be able to pull"},
    {"\"404 ",
     IndexFailure::missing,
     ErrorKind::not_found,
     "the registry does not serve a layer to Clair",
     "is the layer still there, and is --layer-host right?"},
    {"validation failed",
     IndexFailure::corrupt,
     ErrorKind::integrity,
     "a layer that Clair fetched does not have its digest",
     "push the image again"},
    {"unknown content-type", IndexFailure::permanent, ErrorKind::protocol, "", ""},
    {"mismatched compression", IndexFailure::permanent, ErrorKind::protocol, "", ""},
    {"tarfs: format error",
     IndexFailure::permanent,
     ErrorKind::protocol,
     "a layer is not a tar archive: not a container image",
     ""},
    {"no space left",
     IndexFailure::passing,
     ErrorKind::unreachable,
     "Clair has no space left for the layers",
     "free space where Clair unpacks layers: its TMPDIR, else /var/tmp"},
    {"bogus manifest", IndexFailure::permanent, ErrorKind::protocol, "", ""},
    {"failed to deserialize", IndexFailure::permanent, ErrorKind::protocol, "", ""},
};

constexpr std::size_t words_bytes_max = 400;

// Clair's own sentence, which names the layer's URL; the body itself when it is not Clair's.
std::string words_of(std::string_view body) {
    std::string words(body);
    if (auto const document = json::parse(body); document.has_value()) {
        auto const message = json::optional_string(*document, "message");
        if (message.has_value())
            words = message->value_or(words);
    }
    if (words.size() <= words_bytes_max)
        return words;
    // The cause stands at the end of Go's chains of errors.
    return cat("…", words.substr(words.size() - words_bytes_max));
}

} // namespace

IndexVerdict classify_index_failure(int status, std::string_view body, Error fallback) {
    for (auto const& row : table) {
        if (body.find(row.text) == std::string_view::npos)
            continue;
        auto error =
            Error(row.kind, row.message.empty() ? fallback.message() : std::string(row.message));
        if (!row.message.empty())
            error = std::move(error).with_context(cat("Clair: ", words_of(body)));
        return {row.failure, std::move(error).with_remedy(std::string(row.remedy))};
    }
    bool const is_passing = status == 429 || status >= 500;
    return {is_passing ? IndexFailure::passing : IndexFailure::permanent, std::move(fallback)};
}

} // namespace clairgate::clair
