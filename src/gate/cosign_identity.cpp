#include <clairgate/attest/bundle.hpp>
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/cosign_identity.hpp>
#include <clairgate/io/files.hpp>

#include <system_error>
#include <utility>

namespace clairgate::gate {

namespace {

namespace fs = std::filesystem;

// A file that is gone when this is.
class PassingFile {
  public:
    explicit PassingFile(fs::path path) : path_(std::move(path)) {}
    ~PassingFile() {
        std::error_code ignored; // a file that stays is in the folder of temporary files
        fs::remove(path_, ignored);
    }
    PassingFile(PassingFile const&) = delete;
    PassingFile& operator=(PassingFile const&) = delete;
    fs::path const& path() const { return path_; }

  private:
    fs::path path_;
};

constexpr std::string_view passed_on[] = {"HOME",
                                          "PATH",
                                          "SSL_CERT_FILE",
                                          "SSL_CERT_DIR",
                                          "HTTPS_PROXY",
                                          "https_proxy",
                                          "NO_PROXY",
                                          "no_proxy",
                                          "TUF_ROOT",
                                          "SIGSTORE_ROOT_FILE",
                                          "TMPDIR"};

// One word for a shell that somebody may paste it into.
std::string shell_word(std::string_view text) {
    std::string word = "'";
    for (char const c : text)
        word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + "'";
}

// What does the same without us: cosign finds the evidence by itself.
std::string by_hand(TrustChoice const& trust, image::Digest const& digest) {
    return cat("cosign verify-attestation --type vuln --certificate-identity ",
               shell_word(trust.identity.value_or("")),
               " --certificate-oidc-issuer ",
               shell_word(trust.issuer.value_or("")),
               trust.trusted_root_file
                   ? cat(" --trusted-root ", shell_word(*trust.trusted_root_file))
                   : std::string(),
               " REPOSITORY@",
               digest.text());
}

constexpr std::size_t reason_bytes_max = 1000;

// What cosign says is wrong: what follows its last marker, which may be several lines, or else the
// last line that is no advice.
std::string last_word(std::string_view text) {
    constexpr std::string_view marker = "error during command execution:";
    auto const marked = text.rfind(marker);
    std::vector<std::string> lines;
    for (auto const line :
         split(marked == text.npos ? text : text.substr(marked + marker.size()), '\n'))
        if (auto const trimmed = trim(line); !trimmed.empty())
            lines.emplace_back(trimmed);
    if (lines.empty())
        return "cosign refused it";
    return printable(marked == text.npos ? lines.back() : join(lines, " "), reason_bytes_max);
}

// cosign takes a file that it cannot read as a bundle for one of its older formats, and says no
// more than that the arguments do not fit those.
Refusal refusal_of(std::string_view error_output) {
    auto word = last_word(error_output);
    if (word.find("only supported with --new-bundle-format") != std::string::npos)
        return {ProofLayer::form,
                "cosign reads no bundle in it: a log entry or the certificate is malformed"};
    return {ProofLayer::signature, std::move(word)};
}

} // namespace

std::vector<std::string> cosign_arguments(fs::path const& bundle,
                                          TrustChoice const& trust,
                                          image::Digest const& digest,
                                          bool has_times) {
    std::vector<std::string> arguments{"verify-blob-attestation",
                                       "--bundle",
                                       bundle.string(),
                                       "--type",
                                       "vuln",
                                       "--digest",
                                       std::string(digest.hex()),
                                       "--digestAlg",
                                       std::string(digest.algorithm()),
                                       "--certificate-identity",
                                       trust.identity.value_or(""),
                                       "--certificate-oidc-issuer",
                                       trust.issuer.value_or("")};
    if (trust.trusted_root_file) {
        arguments.emplace_back("--trusted-root");
        arguments.push_back(*trust.trusted_root_file);
        // Asked for where there are none, they would be missed.
        if (has_times)
            arguments.emplace_back("--use-signed-timestamps");
    }
    return arguments;
}

io::Task<Result<Proof<attest::Envelope>>> prove_identity(io::World& world,
                                                         std::string_view bundle,
                                                         TrustChoice const& trust,
                                                         image::Digest const& digest,
                                                         Deadline deadline) {
    auto parsed = attest::parse_bundle(bundle);
    if (!parsed.has_value())
        co_return Proof<attest::Envelope>(Refusal{ProofLayer::form, parsed.error().text()});
    if (!parsed->certificate)
        co_return Proof<attest::Envelope>(
            Refusal{ProofLayer::signature, "it is signed with a key, not by an identity"});
    if (trust.identity.value_or("").empty() || trust.issuer.value_or("").empty())
        co_return Proof<attest::Envelope>(
            Refusal{ProofLayer::signature, "nobody said whose identity counts"});
    auto const temporary = world.environment.value("TMPDIR").value_or("/tmp");
    auto const name = cat("clairgate-", to_hex(world.random_bytes(16)), ".sigstore.json");
    PassingFile const file(fs::path(temporary) / name);
    io::Command command;
    command.arguments = cosign_arguments(file.path(), trust, digest, !parsed->timestamps.empty());
    auto const program =
        io::find_program("cosign", io::path_folders(world.environment.value("PATH")));
    if (!program)
        co_return Error(ErrorKind::config,
                        "certificate identities are verified by cosign, which is not on PATH")
            .with_remedy(cat("install cosign 3, or run by hand: ", by_hand(trust, digest)));
    CO_TRY_VOID(io::write_atomically(file.path(), bundle, 0600));
    command.program = *program;
    for (auto const variable : passed_on)
        if (auto const value = world.environment.value(variable))
            command.environment.emplace(variable, *value);
    CO_TRY(auto const ended, co_await io::run_process(std::move(command), world.clock, deadline));
    if (ended.exit.ok())
        co_return Proof<attest::Envelope>(std::move(parsed->envelope));
    co_return Proof<attest::Envelope>(refusal_of(ended.error_output));
}

} // namespace clairgate::gate
