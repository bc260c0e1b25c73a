/* What a core's part of an emulated image gives the common one (emulated.c), and is given. */
#ifndef NAS_EMULATED_H
#define NAS_EMULATED_H

/* A request to the emulator by the way of this core. */
int semihosting(int operation, const void *parameter);

/* Runs the job once the memory is set up, and leaves the emulator. */
_Noreturn void run_image(void);
_Noreturn void fail_image(const char *why);

#endif
