#pragma once

#include <clairgate/sign/signer.hpp>

/// Where the table of signer.cpp finds each scheme. Nobody else includes it.
namespace clairgate::sign {

using MakeSigner = io::Task<Result<std::unique_ptr<Signer>>>(SignerContext context,
                                                             std::string reference,
                                                             Deadline deadline);
using FindPublicKey = io::Task<Result<PublicKey>>(SignerContext context,
                                                  std::string reference,
                                                  Deadline deadline);

MakeSigner make_file_signer;
FindPublicKey public_key_of_file;
MakeSigner make_env_signer;
FindPublicKey public_key_of_env;
MakeSigner make_transit_signer;
FindPublicKey public_key_of_transit;
MakeSigner make_exec_signer;
FindPublicKey public_key_of_exec;

} // namespace clairgate::sign
