#include "schemes.hpp"
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/process.hpp>

#include <algorithm>
#include <utility>

// A program of the user's that has the key, for every service that has no scheme of its own.
//   exec:/absolute/program argument…   split at spaces: no shell, no quoting, no expansion
//   PROGRAM argument… public-key       answers the public key as PEM on standard output
//   PROGRAM argument… sign             reads the lower-case hexadecimal SHA-256 of the message and
//   a
//                                      newline, answers the signature in standard base64
namespace clairgate::sign {

namespace {

constexpr auto program_time_max = std::chrono::minutes(2); // time for a person at a token
constexpr std::size_t output_bytes_max = 64 * limits::kib;

struct Program {
    std::string path;
    std::vector<std::string> arguments;
};

Result<Program> program_of(std::string_view reference) {
    constexpr std::string_view scheme = "exec:";
    reference.remove_prefix(std::min(scheme.size(), reference.size()));
    Program program;
    for (auto const piece : split(reference, ' ')) {
        if (program.path.empty())
            program.path = piece;
        else if (!piece.empty())
            program.arguments.emplace_back(piece);
    }
    if (!program.path.starts_with('/') || program.path.starts_with("//"))
        return Error(ErrorKind::usage,
                     "exec: needs the absolute path of a program: exec:/path/program argument…");
    return program;
}

// Our own secrets are none of its business; those of its key service are.
std::map<std::string, std::string> environment_for(io::Environment const& environment) {
    std::map<std::string, std::string> passed;
    for (auto const& [name, value] : environment.all()) {
        if (!name.starts_with("CLAIRGATE_") && name != "COSIGN_PASSWORD")
            passed.emplace(name, value);
    }
    return passed;
}

io::Task<Result<std::string>> ask(io::World& world,
                                  Program program,
                                  std::string word,
                                  std::optional<std::string> input,
                                  Deadline deadline) {
    auto const what = cat(program.path, " ", word);
    io::Command command;
    command.program = std::move(program.path);
    command.arguments = std::move(program.arguments);
    command.arguments.push_back(std::move(word));
    command.environment = environment_for(world.environment);
    command.input = std::move(input);
    command.output_bytes_max = output_bytes_max;
    auto const until = Deadline::after(world.clock, program_time_max).capped(deadline);
    auto ended = co_await io::run_process(std::move(command), world.clock, until);
    if (!ended.has_value())
        co_return std::move(ended).error().with_context(what);
    if (!ended->exit.ok()) // what it printed may hold a secret: only the status is told
        co_return Error(ErrorKind::tool, cat(what, " ended with ", ended->exit.text()))
            .with_remedy("run it by hand to see its messages");
    co_return std::move(ended->output);
}

io::Task<Result<PublicKey>> ask_public_key(io::World& world, Program program, Deadline deadline) {
    auto const name = program.path;
    CO_TRY(auto const pem,
           co_await ask(world, std::move(program), "public-key", std::nullopt, deadline));
    CO_TRY(auto key, PublicKey::from_pem(pem).with_context(cat(name, " public-key")));
    if (key.type() == KeyType::ed25519)
        co_return Error(ErrorKind::config,
                        cat(name, " has an Ed25519 key, which signs whole messages, not hashes"))
            .with_remedy("use an ECDSA P-256 or RSA key with exec:");
    co_return key;
}

// Tools wrap base64 in lines; the signature is verified anyway.
std::string without_line_breaks(std::string_view text) {
    std::string joined;
    std::copy_if(text.begin(), text.end(), std::back_inserter(joined), [](char c) {
        return c != '\n' && c != '\r';
    });
    return joined;
}

class ExecSigner final : public Signer {
  public:
    ExecSigner(io::World& world, Program program, PublicKey key)
        : world_(world), program_(std::move(program)), key_(std::move(key)) {}
    PublicKey const& public_key() const override { return key_; }
    io::Task<Result<std::string>> sign(std::string message, Deadline deadline) override {
        std::optional<std::string> input = cat(to_hex(sha256(message)), "\n");
        CO_TRY(auto const output,
               co_await ask(world_, program_, "sign", std::move(input), deadline));
        auto signature = from_base64(without_line_breaks(output));
        if (!signature.has_value() || signature->empty())
            co_return Error(ErrorKind::tool,
                            cat(program_.path, " sign did not answer a signature in base64"));
        co_return *std::move(signature);
    }

  private:
    io::World& world_;
    Program program_;
    PublicKey key_;
};

} // namespace

io::Task<Result<std::unique_ptr<Signer>>>
make_exec_signer(SignerContext context, std::string reference, Deadline deadline) {
    CO_TRY(auto program, program_of(reference));
    CO_TRY(auto key, co_await ask_public_key(context.world, program, deadline));
    co_return std::unique_ptr<Signer>(
        std::make_unique<ExecSigner>(context.world, std::move(program), std::move(key)));
}

io::Task<Result<PublicKey>>
public_key_of_exec(SignerContext context, std::string reference, Deadline deadline) {
    CO_TRY(auto program, program_of(reference));
    co_return co_await ask_public_key(context.world, std::move(program), deadline);
}

} // namespace clairgate::sign
